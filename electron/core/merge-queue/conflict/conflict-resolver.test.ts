import { join } from "node:path";
import { expect, test } from "vitest";
import type { Oid } from "../../../../shared/model/ids.ts";
import { inspectPool, openPoolWorktree, type PoolWorktree } from "../../git/pool-worktree.ts";
import { runGit } from "../../git/run-git.ts";
import { type Files, putFiles } from "../../git/test-repository.ts";
import type { EntryRecord } from "../../store/store.ts";
import type { RunCommand } from "../check-runner.ts";
import { createQueueFixture, type QueueFixture } from "../queue-fixture.ts";
import { ConflictResolver } from "./conflict-resolver.ts";

const LINES = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
const line = (text: string) => LINES.replace("5", text);
const signal = new AbortController().signal;

interface Scene {
  readonly fixture: QueueFixture;
  readonly pool: PoolWorktree;
  readonly base: Oid;
  /** Command lines that were run. */
  readonly asked: readonly string[];
  /** As a core begins: it remembers nothing of what an earlier one did. */
  resolver(): ConflictResolver;
}

/** A queue that does nothing by itself, on a repository whose target has gone on. */
async function scene(start: Files, main: Files): Promise<Scene & AsyncDisposable> {
  const fixture = await createQueueFixture({
    files: start,
    unaudited: "what has landed is made up",
  });
  const { place, store, home } = fixture;
  await place.git("branch", "fork", "main");
  const base = await place.commitOn("main", main);
  await place.git("reset", "-q", "--hard");
  const pool = await openPoolWorktree(place.repo, join(place.folder, "pool"), base);
  const asked: string[] = [];
  const runTool: RunCommand = async (command) => {
    asked.push(command);
    return { exitCode: 1, reason: null, durationMs: 0, tail: "" };
  };
  const folder = { worktrees: join(home, "worktrees"), logs: join(home, "logs") };
  return {
    fixture,
    pool,
    base,
    asked,
    resolver: () => new ConflictResolver({ store, folder, runTool }),
    [Symbol.asyncDispose]: () => fixture[Symbol.asyncDispose](),
  };
}
async function queued({ fixture }: Scene, files: Files, branch = "switchyard/it's-\u00fc") {
  await fixture.place.git("branch", branch, "fork");
  return fixture.queueWork(files, { branch });
}
function close({ fixture, base }: Scene, entry: EntryRecord, patch: Partial<EntryRecord>) {
  fixture.store.write("test", () => fixture.store.entries.update(entry.id, { base, ...patch }));
}
/** What is told of it. */
function settledOf({ fixture: { store } }: Scene, { id }: EntryRecord) {
  return store.events.since(0, { subject: id }).find(({ kind }) => kind === "queue.settled")?.data
    .files;
}
const listResults = ({ fixture }: Scene) =>
  fixture.place.git("for-each-ref", "--format=%(refname) %(objectname)", "refs/switchyard/res/");

test("a settled conflict stands beside the work, which stays as it was, and is made once", async () => {
  await using at = await scene(
    { "CHANGELOG.md": "- Old.\n" },
    { "CHANGELOG.md": "- Theirs.\n- Old.\n" },
  );
  const entry = await queued(at, { "CHANGELOG.md": "- Ours.\n- Old.\n" });
  const { place, store } = at.fixture;
  const resolved = await at.resolver().resolve(entry, at.pool, at.base, signal);
  expect(settledOf(at, entry)).toEqual([{ path: "CHANGELOG.md", by: "changelog" }]);
  expect(await listResults(at)).toBe(
    `refs/switchyard/res/${store.identity}/${entry.id}/1 ${resolved}\n`,
  );
  expect(await place.oid(entry.branch)).toBe(entry.head);
  expect(await inspectPool(at.pool, at.base)).toEqual({ kind: "exact" });

  const again = await at.resolver().resolve(entry, at.pool, at.base, signal);
  expect(again).toBe(resolved);
  const later = await place.commitOn("main", { "b.txt": "later\n" });
  await at.resolver().resolve(entry, at.pool, later, signal);
  expect((await listResults(at)).trim().split("\n")).toHaveLength(2);
});

test("what needs a look leaves nothing behind but a pool worktree at the target", async () => {
  await using at = await scene({ "a.ts": LINES }, { "a.ts": line("x") });
  const entry = await queued(at, { "a.ts": line("y") });
  expect(await at.resolver().resolve(entry, at.pool, at.base, signal)).toBeNull();
  expect(await listResults(at)).toBe("");
  expect(at.asked).toEqual(["command -v mergiraf"]);
  expect(await inspectPool(at.pool, at.base)).toEqual({ kind: "exact" });
});

/** What a worker does whose branch came back. */
async function settle(
  { fixture: { place } }: Scene,
  branch: string,
  files: Record<string, string>,
) {
  const worktree = join(place.folder, "settling");
  await place.git("worktree", "add", "-q", worktree, branch);
  await runGit(worktree, ["merge", "-q", "main"], { okExitCodes: [1] });
  putFiles(worktree, files);
  await runGit(worktree, ["commit", "-qam", "merge"]);
  await place.git("worktree", "remove", "--force", worktree);
  return place.oid(branch);
}

test("how a worker settled a conflict is known once its work has landed, and forgotten when it fails", async () => {
  await using at = await scene({ "a.ts": LINES }, { "a.ts": line("x") });
  const first = await queued(at, { "a.ts": line("y") }, "switchyard/one");
  const second = await queued(at, { "a.ts": line("y") }, "switchyard/two");
  expect(await at.resolver().resolve(second, at.pool, at.base, signal)).toBeNull();

  close(at, first, { state: "returned", files: ["a.ts"] });
  const head = await settle(at, "switchyard/one", { "a.ts": line("x and y") });
  const { store } = at.fixture;
  const { task, project, branch } = first;
  const mended = store.write("test", () =>
    store.entries.insert({ task, project, branch, head, attempt: 2, priority: 3, summary: null }),
  );
  expect(await at.resolver().resolve(second, at.pool, at.base, signal)).toBeNull();
  close(at, mended, { state: "landed", candidate: at.base });
  const resolver = at.resolver();
  await resolver.resolve(second, at.pool, at.base, signal);
  expect(settledOf(at, second)).toEqual([{ path: "a.ts", by: "recorded" }]);

  close(at, second, { state: "returned", reason: "a check fails" });
  const third = await queued(at, { "a.ts": line("y"), "c.txt": "c\n" }, "switchyard/three");
  expect(await resolver.resolve(third, at.pool, at.base, signal)).toBeNull();
});

test("work that was cancelled meanwhile is let go in the middle", async () => {
  await using at = await scene({ "a.ts": LINES }, { "a.ts": line("x") });
  const entry = await queued(at, { "a.ts": line("y") });
  const leaving = new AbortController();
  const resolving = at.resolver().resolve(entry, at.pool, at.base, leaving.signal);
  leaving.abort(new Error("taken out"));
  await expect(resolving).rejects.toThrow("taken out");
  expect(await listResults(at)).toBe("");
});

test("commits of earlier work that are gone, as in a repository that was cloned anew, keep no conflict from being settled", async () => {
  await using at = await scene(
    { "CHANGELOG.md": "- Old.\n" },
    { "CHANGELOG.md": "- Theirs.\n- Old.\n" },
  );
  const first = await queued(at, { "a.txt": "y\n" }, "switchyard/one");
  const { store } = at.fixture;
  const { task, project, branch } = first;
  close(at, first, { state: "returned", files: ["a.txt"] });
  const again = { task, project, branch, attempt: 2, priority: 3, summary: null };
  const gone = "1".repeat(40) as Oid;
  const [mended, headless] = store.write("test", () => {
    const one = store.entries.insert({ ...again, head: first.head });
    store.entries.update(one.id, { state: "landed", base: gone });
    return [one, store.entries.insert({ ...again, head: gone })];
  });
  expect(mended.head).toBe(first.head);
  close(at, headless, { state: "landed", candidate: at.base });
  const entry = await queued(at, { "CHANGELOG.md": "- Ours.\n- Old.\n" }, "switchyard/two");
  expect(await at.resolver().resolve(entry, at.pool, at.base, signal)).not.toBeNull();
  expect(settledOf(at, entry)).toEqual([{ path: "CHANGELOG.md", by: "changelog" }]);
});
