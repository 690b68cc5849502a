import path from "node:path";
import { runGit } from "../demo/run-git.ts";
import type { Session } from "../shared/model/session.ts";
import { expect, type RunningApp } from "./fixtures.ts";
import { TAKE_MESSAGE, writeWorker } from "./worker-programs.ts";

const CAP = 16;
const PROJECT = "shells";

const SHELL = `${TAKE_MESSAGE}
exec env PS1='$ ' bash --norc --noprofile -i`;

/** Starts `count` tasks whose workers are shells, one pane each, and waits until all of them take keys. */
export async function startShells(app: RunningApp, count: number): Promise<readonly Session[]> {
  const executable = writeWorker(app.workFolder, "shell-worker", SHELL);
  const repository = path.join(app.workFolder, "shells");
  runGit(app.workFolder, "init", "-q", "-b", "main", repository);
  const author = ["-c", "user.name=A", "-c", "user.email=a@example.test"];
  runGit(repository, ...author, "commit", "-q", "--allow-empty", "-m", "first");

  const { client } = app;
  await client.call("profile.add", { name: "shells", plan: "custom", cap: CAP, executable });
  await client.call("project.add", {
    path: repository,
    name: PROJECT,
    withoutChecks: true,
    maxWorkers: CAP,
  });
  for (let n = 1; n <= count; n += 1) {
    await client.call("task.create", { project: PROJECT, title: `Shell ${n}` });
  }
  const working = async () =>
    (await client.call("session.list", {})).filter((session) => session.state === "working");
  // The start gate waits while the machine is busy with other things.
  await expect.poll(async () => (await working()).length, { timeout: 90_000 }).toBe(count);
  await expect(app.page.getByRole("region", { name: /^Terminal / })).toHaveCount(count);
  const sessions = (await working()).toSorted((a, b) => a.startedAt.localeCompare(b.startedAt));
  for (const { id } of sessions) await expect.poll(() => peek(app, id)).toContain("$");
  return sessions;
}

/** The last lines of a session's screen, as the terminal host knows them. */
export async function peek(app: RunningApp, session: Session["id"]): Promise<string> {
  const { lines } = await app.client.call("session.peek", { session, lines: 60 });
  return lines.join("\n");
}
