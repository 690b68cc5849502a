import type { Browser, Page } from "@playwright/test";
import { connectClient } from "../e2e/app-access.ts";
import { createAppHome } from "../e2e/app-home.ts";
import { writeWorker } from "../e2e/worker-programs.ts";
import { runGit } from "../electron/core/git/run-git.ts";
import { check, fillQueue, openQueue } from "../electron/core/merge-queue/queue-fixture.ts";
import type { AppContract } from "../shared/contract/app-contract.ts";
import type { Client } from "../shared/contract/rpc.ts";
import { ProjectName } from "../shared/model/ids.ts";
import { isOpen } from "../shared/model/queue-entry.ts";
import { inventWideRepository } from "./invent-wide-repository.ts";
import { type Bench, type Figure, figure, wanted } from "./measure.ts";
import { startCore } from "./open-app.ts";
import { openBrowser, WINDOW } from "./open-browser.ts";
import { type RecordedTasks, recordTasks } from "./record-tasks.ts";

const ENTRIES = 100;
const RUNS = 3;
const CHANGES = 60;
/** Entries that left the queue earlier: as many as the view shows. */
const LEFT = 50;
const HELD_EVERY = 9;
const STEPS = 40;
const LIMIT_MS = 180_000;
const LONGEST_MS = 50;
const APP = ProjectName.parse("app");
/** Prints as much as a fast suite does while it runs, and fails by what the branch holds. */
const PRINTING =
  'for n in $(seq 2000); do echo "ok $n - what a test of a suite says when it is done"; done; ! ls red';

/** Row 15: whether a window answers while it shows a queue of 100 entries that changes; no task of its main thread beyond 50 ms. */
export const queueView: Bench = {
  name: "queue-view",
  async run({ note, signal }) {
    await using browser = await openBrowser();
    const full: Phases[] = [];
    const small: Phases[] = [];
    for (let run = 0; run <= RUNS; run++) {
      signal.throwIfAborted();
      note(`run ${run} of ${RUNS}`);
      const one = await playQueue(browser, ENTRIES);
      const other = await playQueue(browser, 1);
      if (run === 0) continue;
      full.push(one);
      small.push(other);
    }
    return PHASES.flatMap((phase) =>
      figuresOf(
        phase,
        full.map((run) => run[phase]),
        small.map((run) => run[phase]),
      ),
    );
  },
};

const PHASES = [
  "opening the view",
  "scrolling it to its end",
  "dragging an entry",
  "opening the forecast",
  `${CHANGES} changes`,
] as const;
type Phases = Readonly<Record<(typeof PHASES)[number], RecordedTasks>>;

function figuresOf(
  phase: string,
  full: readonly RecordedTasks[],
  small: readonly RecordedTasks[],
): readonly Figure[] {
  const beside = (key: keyof RecordedTasks) => ({
    what: "1 entry",
    runs: small.map((run) => run[key]),
  });
  const all = (key: keyof RecordedTasks) => full.map((run) => run[key]);
  return [
    wanted(
      figure(`${phase}: longest task`, "ms", all("longestMs"), beside("longestMs")),
      "every run",
      "at most",
      LONGEST_MS,
      15,
    ),
    figure(`${phase}: its own time`, "ms", all("longestOwnMs"), beside("longestOwnMs")),
    figure(
      `${phase}: longest between two frames`,
      "ms",
      all("longestGapMs"),
      beside("longestGapMs"),
    ),
  ];
}

/** One data folder with so many entries, from the view's opening until enough of them have changed. */
async function playQueue(browser: Browser, entries: number): Promise<Phases> {
  await using home = await createAppHome({});
  await fill(home.folder, home.workFolder, entries);
  await using core = await startCore(home);
  await using connection = await connectClient(home.folder);
  const { client } = connection;
  await addProfile(client, home.workFolder);
  await holdSome(client);
  const context = await browser.newContext({ viewport: WINDOW });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT_MS);
    await page.goto(await core.link());
    // What is measured begins with a window that stands.
    await page.getByRole("navigation", { name: "Views" }).waitFor();
    const record = (work: () => Promise<unknown>) => recordTasks(browser, page, work);
    return {
      "opening the view": await record(() => openTheView(page, entries)),
      "scrolling it to its end": await record(() => scrollToEnd(page)),
      "dragging an entry": await record(() => dragFirst(page)),
      "opening the forecast": await record(() => openTheForecast(page)),
      [`${CHANGES} changes`]: await record(() => letItWork(page, client)),
    };
  } finally {
    await context.close();
  }
}

/** Entries that left the queue stand below those that wait. */
async function fill(folder: string, workFolder: string, entries: number): Promise<void> {
  const branches = LEFT + entries;
  const shape = { files: 1000, branches, conflictEvery: 10, redEvery: 15 };
  const { root, refs } = inventWideRepository(workFolder, shape);
  const heads = (await runGit(root, ["rev-parse", ...refs])).stdout.trim().split("\n");
  const { store } = openQueue(folder);
  const queue = { state: "paused", reason: null } as const;
  fillQueue(store, root, heads, { checks: [check(PRINTING)], queue });
  store.write("bench", () => {
    for (const { id } of store.entries.list().slice(0, LEFT))
      store.entries.update(id, { state: "removed", reason: "taken out by a person" });
  });
  store.close();
}

/** The view shows once there is one; it takes no work. */
async function addProfile(client: Client<AppContract>, folder: string): Promise<void> {
  const executable = writeWorker(folder, "waiting", "exec sleep 3600");
  const settings = { plan: "custom", executable, isDisabled: true } as const;
  await client.call("profile.add", { name: "idle", ...settings });
}

async function holdSome(client: Client<AppContract>): Promise<void> {
  const listed = await client.call("queue.list", { project: APP });
  const open = listed.filter(({ state }) => isOpen(state));
  for (const [at, { id }] of open.entries())
    if (at % HELD_EVERY === HELD_EVERY - 1) await client.call("queue.hold", { entry: id });
}

const rowsOf = (page: Page) => page.locator("[data-entry]");

async function openTheView(page: Page, entries: number): Promise<void> {
  await page.getByRole("navigation", { name: "Views" }).getByText("Queue").click();
  await rowsOf(page)
    .nth(entries + LEFT - 1)
    .waitFor({ state: "attached" });
}

async function scrollToEnd(page: Page): Promise<void> {
  await rowsOf(page).first().hover();
  for (let step = 0; step < STEPS; step++) {
    await page.mouse.wheel(0, 400);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  await page.mouse.wheel(0, -100_000);
}

/** Down by as many places as the window shows, which is none where it is alone. */
async function dragFirst(page: Page): Promise<void> {
  const box = await rowsOf(page).first().boundingBox();
  if (!box) throw new Error("the first entry is out of sight");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  for (let step = 1; step <= STEPS; step++)
    await page.mouse.move(box.x + box.width / 2, box.y + step * (box.height / 4));
  await page.mouse.up();
}

async function openTheForecast(page: Page): Promise<void> {
  const panel = page.getByRole("region", { name: "Forecast" });
  await panel.getByRole("button").first().click();
  await panel.getByRole("table").or(panel.getByRole("paragraph")).first().waitFor();
  await panel.getByRole("button").first().click();
}

/**
 * With the output of the first one's check beside the list, while others change their places, until enough has changed and one
 * has landed.
 */
async function letItWork(page: Page, client: Client<AppContract>): Promise<void> {
  await rowsOf(page).first().getByRole("button").first().click();
  await page.keyboard.press("c");
  let changes = 0;
  const landed = new Promise<void>((resolve) => {
    client.on("changed", ({ rows }) => {
      if (rows.entries) changes += 1;
      if (rows.entries?.some(({ state }) => state === "landed")) resolve();
    });
  });
  await client.call("app.watch", {});
  await client.call("queue.resume", { project: APP });
  while (changes < CHANGES) {
    const open = (await client.call("queue.list", { project: APP })).filter(({ state }) =>
      isOpen(state),
    );
    const last = open.at(-1);
    if (last?.state !== "queued") break;
    await client.call("queue.move", { entry: last.id, position: Math.max(1, open.length >> 1) });
  }
  await landed;
}
