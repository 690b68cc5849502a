import { existsSync, readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { runGit } from "../../demo/run-git.ts";
import type { Event } from "../../shared/model/event.ts";
import type { AppHome } from "../app-home.ts";
import { listProcessesOf } from "../faults/tools/processes.ts";
import type { Aftermath } from "./check-history.ts";
import type { Driver } from "./driver.ts";

const PAGE = 5_000;
/** What the stop of an app promises (P18), with room for a busy machine. */
const GONE_LIMIT_MS = 15_000;
const LOOK_EVERY_MS = 100;

interface Watched {
  readonly project: string;
  readonly path: string;
  readonly target: string;
  /** The commit at which the run began. */
  readonly from: string;
}

/** All events since the data folder was made. */
export async function readEvents(driver: Driver): Promise<readonly Event[]> {
  const events: Event[] = [];
  for (;;) {
    const page = await driver.read("app.events", { since: events.at(-1)?.seq ?? 0, limit: PAGE });
    events.push(...page);
    if (page.length < PAGE) return events;
  }
}

/** Reads what a run left behind, then stops the app and looks for what still runs. */
export async function collectAftermath(
  driver: Driver,
  home: AppHome,
  watched: {
    readonly projects: readonly Watched[];
    readonly testedFile: string;
    readonly panes: () => Aftermath["panes"];
  },
): Promise<Aftermath> {
  const { rows } = await driver.read("app.watch", {});
  const sessions = await driver.read("session.list", {});
  const tasks = await driver.read("task.list", {});
  const plans = await driver.read("plan.list", {});
  const events = await readEvents(driver);
  await driver.call("app.stop", { keepSessions: false });
  await driver.disconnect();
  const leftRunning = await waitUntilGone(home);
  return {
    events,
    tasks,
    plans,
    projects: rows.projects,
    sessions,
    isHalted: rows.fleet[0]?.isHalted ?? false,
    caps: Object.fromEntries(rows.profiles.map(({ name, cap }) => [name, cap])),
    targets: watched.projects.map((project) => ({
      project: project.project,
      commits: readTarget(project),
    })),
    testedTrees: readTrees(watched.testedFile),
    panes: watched.panes(),
    leftRunning,
  };
}

async function waitUntilGone(home: AppHome): Promise<readonly string[]> {
  const deadline = performance.now() + GONE_LIMIT_MS;
  for (;;) {
    const left = listProcessesOf(home);
    if (left.length === 0 || performance.now() > deadline) return left;
    await setTimeout(LOOK_EVERY_MS);
  }
}

function readTarget({ path, target, from }: Watched): Aftermath["targets"][number]["commits"] {
  const format = "--format=%H %T %(trailers:key=Switchyard-Task,valueonly,separator=%x2C)";
  const range = `${from}..refs/heads/${target}`;
  const stood = new Set(
    runGit(path, "reflog", "show", "--format=%H", `refs/heads/${target}`).split("\n"),
  );
  return runGit(path, "log", "--first-parent", format, range)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [commit = "", tree = "", tasks = ""] = line.split(" ");
      const hasStood = stood.has(commit);
      return { commit, tree, hasStood, tasks: tasks.split(",").filter((task) => task !== "") };
    });
}

function readTrees(file: string): ReadonlySet<string> {
  return new Set(existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []);
}
