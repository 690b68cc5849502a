import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runGit } from "../demo/run-git.ts";
import { runPlainCli } from "./app-access.ts";
import { type AppHome, createAppHome } from "./app-home.ts";
import { command } from "./drive-by-command-line.ts";
import { expect, test } from "./fixtures.ts";
import { startCore } from "./running-core.ts";
import { writeQuickWorker } from "./worker-programs.ts";

const LIMIT_MS = 60_000;

function addRepository(home: AppHome, settings: string): string {
  const repository = path.join(home.workFolder, "app");
  mkdirSync(path.join(repository, ".switchyard"), { recursive: true });
  const files = {
    "log.txt": "begin\n",
    "notes.txt": "notes\n",
    ".gitignore": ".env\nset-up\n",
    ".switchyard/config.yaml": settings,
  };
  for (const [name, text] of Object.entries(files))
    writeFileSync(path.join(repository, name), text);
  runGit(repository, "init", "-q", "-b", "main");
  runGit(repository, "config", "user.name", "A Person");
  runGit(repository, "config", "user.email", "person@example.test");
  runGit(repository, "add", "-A");
  runGit(repository, "commit", "-qm", "first");
  writeFileSync(path.join(repository, ".env"), "PORT=1\n");
  writeFileSync(path.join(repository, "notes.txt"), "notes, not committed\n");
  return repository;
}

test("a worktree is set up, told what it goes without, removed when its work has landed, and put back", {
  tag: "@web",
}, async () => {
  test.setTimeout(120_000);
  await using home = await createAppHome({});
  const settings = [
    "worktrees:",
    "  copy: [.env]",
    "  setup: cat .env > set-up && echo ready to work",
    "  keep-hours: 0",
    "",
  ].join("\n");
  const repository = addRepository(home, settings);
  await using _core = await startCore(home);
  const worker = writeQuickWorker(home.workFolder, "log.txt");
  await command(home, "profile", "add", "p", "--plan", "max", "--executable", worker);
  await command(home, "project", "add", repository, "--name", "app", "--no-checks");

  const created = await runPlainCli(home, ["task", "create", "do it", "--project", "app"]);
  expect(created.exitCode, created.stderr).toBe(0);
  expect(created.stderr).toContain("1 uncommitted change in your checkout");
  expect(created.stderr).toContain("settle-changes app --carry");
  await command(home, "wait", "--task", "t-1", "--until", "landed", "--timeout", "50");
  expect((await runPlainCli(home, ["session", "log", "s-1"])).stdout).toMatch(/ready to work/);

  const removed = () => command(home, "worktree", "list-removed", "--project", "app");
  await expect.poll(removed, { timeout: LIMIT_MS }).toHaveLength(1);
  const [{ path: place }] = await removed();
  await expect.poll(() => existsSync(place), { timeout: LIMIT_MS }).toBe(false);
  expect(readFileSync(path.join(repository, "notes.txt"), "utf8")).toBe("notes, not committed\n");

  await command(home, "worktree", "restore", "t-1");
  expect(readFileSync(path.join(place, "log.txt"), "utf8")).toBe("begin\nby t-1\n");
  await command(home, "project", "settle-changes", "app", "--leave");
  const after = await runPlainCli(home, ["task", "create", "another", "--project", "app"]);
  expect(after.stderr).toBe("");
});
