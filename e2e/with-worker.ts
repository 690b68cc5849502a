import path from "node:path";
import { runGit } from "../demo/run-git.ts";
import { createScriptedModel } from "../demo/scripted-model/create-scripted-model.ts";
import type { PlainScriptStep, ScriptStep } from "../demo/scripted-model/step.ts";
import { findClaude } from "../demo/stand-in/find-claude.ts";
import type { InboxItem } from "../shared/model/inbox.ts";
import { type AppHome, createAppHome } from "./app-home.ts";
import { command } from "./drive-by-command-line.ts";
import { expect, test } from "./fixtures.ts";
import { type RunningCore, startCore } from "./running-core.ts";

export const PATIENCE = { timeout: 60_000, intervals: [100] };

export const bash = (line: string): PlainScriptStep => ({ bash: line });
export const call = (tool: string, input: Record<string, unknown>): PlainScriptStep => ({
  mcp: { server: "switchyard", tool, input },
});
export const finish: readonly PlainScriptStep[] = [
  { write: { path: "done.txt", content: "done\n" } },
  bash("git add done.txt && git commit -q -m Done"),
  call("task_done", { summary: "It is done." }),
];

interface World {
  readonly home: AppHome;
  core: RunningCore;
  readonly task: string;
  outside(name: string): string;
}

/** A profile `max-1` of the real program against the model at this address, and a project `app` without checks. */
export async function prepareWork(
  home: AppHome,
  url: string,
  { token, cap = 1, env = {} }: { token: string; cap?: number; env?: Record<string, string> },
): Promise<void> {
  const repository = path.join(home.workFolder, "app");
  runGit(home.workFolder, "init", "-q", "-b", "main", repository);
  const author = ["-c", "user.name=A", "-c", "user.email=a@example.test"];
  runGit(repository, ...author, "commit", "-q", "--allow-empty", "-m", "first");
  const variables = Object.entries({
    ANTHROPIC_BASE_URL: url,
    CLAUDE_CODE_OAUTH_TOKEN: token,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
    ...env,
  }).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  const profile = ["--plan", "max", "--cap", String(cap), "--executable", findClaude().executable];
  await command(home, "profile", "add", "max-1", ...profile, ...variables);
  await command(home, "project", "add", repository, "--name", "app", "--no-checks");
}

/** One worker on one task, its model playing these steps; the command line is all there is beside. */
export async function withWorker(
  steps: (outside: (name: string) => string) => readonly ScriptStep[],
  work: (world: World) => Promise<void>,
): Promise<void> {
  test.setTimeout(180_000);
  await using home = await createAppHome({});
  const outside = (name: string) => path.join(home.workFolder, name);
  const model = createScriptedModel({
    scenario: { rules: [{ prompt: "You are working on task", steps: [...steps(outside)] }] },
  });
  await model.listen(0);
  const core = await startCore(home);
  const world = { home, core, outside, task: "" };
  try {
    await prepareWork(home, model.url, { token: "switchyard-inbox-token" });
    world.task = (await command(home, "task", "create", "Ask", "--project", "app")).id;
    await work(world);
  } finally {
    await command(home, "stop").catch(() => {});
    await world.core[Symbol.asyncDispose]();
    await model.close();
  }
}

/** The one thing that waits, once it is of this kind. */
export async function nextOfKind(home: AppHome, kind: InboxItem["kind"]): Promise<InboxItem> {
  let items: InboxItem[] = [];
  await expect
    .poll(async () => {
      items = await command(home, "inbox");
      return items.map((item) => item.kind);
    }, PATIENCE)
    .toEqual([kind]);
  const [item] = items;
  if (!item) throw new Error("something waits");
  return item;
}

export const statusOf = async ({ home, task }: World) =>
  (await command(home, "task", "show", task)).status;
export const landed = (world: World) => expect.poll(() => statusOf(world), PATIENCE).toBe("landed");
