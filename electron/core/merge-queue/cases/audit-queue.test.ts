import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { auditQueue, type QueueAudit } from "../../../../e2e/audit/audit-queue.ts";
import { snapshotPerson } from "../../../../e2e/audit/snapshot-person.ts";
import { createTestRepository, type TestRepository } from "../../git/test-repository.ts";
import { check, fillQueue, openQueue, untilEntry } from "../queue-fixture.ts";

/*
 * A queue in which two have landed, one was returned as red and one was taken out, and everything is as it should be. Each test breaks
 * one thing by hand and wants to hear of it.
 */

let place: TestRepository;
let home: string;
let audit: QueueAudit;

beforeAll(async () => {
  place = await createTestRepository({ "a.txt": "a\n", "b.txt": "b\n", ".gitignore": "*.env\n" });
  home = join(place.folder, "home");
  const start = await place.oid("main");
  const branches = new Map<string, string>();
  for (const [at, file] of ["one.txt", "two.txt", "bad.txt", "four.txt"].entries()) {
    const branch = `switchyard/t-${at + 1}`;
    branches.set(branch, await place.commitOn(branch, { [file]: `${file}\n` }));
  }
  place.write({ "b.txt": "mine\n", "my.env": "secret\n" });
  const person = snapshotPerson(place.repo.root);
  const { store, queue } = openQueue(home);
  fillQueue(store, place.repo.root, [...branches.values()], {
    checks: [check("test ! -e bad.txt")],
  });
  const [, , bad, removed] = store.entries.list();
  if (!bad || !removed) throw new Error("the queue was not filled");
  queue.remove(removed.id);
  await queue.settle(new AbortController().signal);
  await untilEntry(store, bad.id, ({ state }) => state === "returned");
  await queue.dispose();
  store.close();
  const { root } = place.repo;
  const green = ["test", "!", "-e", "bad.txt"];
  audit = { home, repository: root, target: "main", start, check: green, person, branches };
  cpSync(place.folder, `${place.folder}-kept`, { recursive: true });
});

beforeEach(() => {
  rmSync(place.folder, { recursive: true, force: true });
  cpSync(`${place.folder}-kept`, place.folder, { recursive: true });
});

afterAll(async () => {
  rmSync(`${place.folder}-kept`, { recursive: true, force: true });
  await place[Symbol.asyncDispose]();
});

function change(...statements: readonly string[]): void {
  const db = new DatabaseSync(join(home, "switchyard.db"));
  for (const { name } of db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    .all()) {
    db.exec(`DROP TRIGGER ${String(name)}`);
  }
  for (const statement of statements) db.exec(statement);
  db.close();
}

const refOf = async (kind: string, name: string) => {
  const own = (
    await place.git("for-each-ref", "--format=%(refname)", "refs/switchyard/work")
  ).split("/");
  return `refs/switchyard/${kind}/${own[3]}/${name}`;
};
const here = (...path: readonly string[]) => join(place.repo.root, ...path);

test("a queue that kept its promises has nothing said of it", () => {
  expect(auditQueue(audit)).toEqual([]);
  expect(auditQueue({ ...audit, check: "as-recorded" })).toEqual([]);
});

const LANDED_TREE = "(SELECT candidate_tree FROM entries WHERE id = 'q-2')";
const RED_TREE = "(SELECT candidate_tree FROM entries WHERE id = 'q-3')";

test.each<[string, () => unknown, string]>([
  [
    "a landing without a verdict",
    () => change(`DELETE FROM verdicts WHERE tree = ${LANDED_TREE}`),
    "I1: .* landed, and no verdict says that its files passed",
  ],
  [
    "an entry that landed twice",
    () => place.git("commit", "-q", "--allow-empty", "-m", "again\n\nSwitchyard-Entry: q-1"),
    "I2: q-1 landed twice",
  ],
  [
    "an entry on the target that the store has queued",
    () => change("UPDATE entries SET state = 'queued' WHERE id = 'q-2'"),
    "I2: q-2 is on the target, but it is queued",
  ],
  [
    "a landed entry that the target knows nothing of",
    () => change("UPDATE entries SET state = 'landed' WHERE id = 'q-4'"),
    "I2: q-4 is landed, but the target has no commit of it",
  ],
  [
    "an entry that was merged as what was never fetched",
    () =>
      change(
        `UPDATE entries SET state = 'landed', pull_request = '{"remote":"origin","target":"main","merged":"${"a".repeat(40)}"}' WHERE id = 'q-4'`,
      ),
    "I2: q-4 landed as .*, which refs/switchyard/remote/origin/main does not hold",
  ],
  [
    "a head that nothing keeps",
    async () => {
      await place.git("update-ref", "-d", await refOf("work", "q-3/1"));
      await place.git("branch", "-D", "switchyard/t-3");
    },
    "I3: .*, which q-3 queued, cannot be reached any more",
  ],
  [
    "a worker's branch that was moved",
    () => place.git("branch", "-f", "switchyard/t-3", "main"),
    "I3: the branch switchyard/t-3 was moved",
  ],
  [
    "a landing that goes back",
    () => place.git("update-ref", "-m", "switchyard land q-9", "refs/heads/main", audit.start),
    "I4: a landing moved the target .*, which is not forward",
  ],
  [
    "an undo of what never landed",
    () => place.git("update-ref", "-m", "switchyard undo q-1", "refs/heads/main", audit.start),
    "I4: an undo moved the target .*, which no landing had brought",
  ],
  [
    "a target that was written past git",
    () => writeFileSync(here(".git/refs/heads/main"), `${audit.start}\n`),
    "I4: the target is at .*, where nothing moved it",
  ],
  [
    "a landing that the target never took",
    () => change('UPDATE landings SET "from" = "to"'),
    "I4: landing 1 is done, but the target never went there",
  ],
  ["a file that was written over", () => place.write({ "b.txt": "b\n" }), "I5: b.txt changed"],
  ["an ignored file that is gone", () => place.write({ "my.env": null }), "I5: my.env changed"],
  [
    "a landed file that is missing",
    () => place.write({ "one.txt": null }),
    "I5: one.txt is not as",
  ],
  ["something staged", () => place.git("add", "b.txt"), "I5: what is staged changed"],
  [
    "something stashed",
    async () => place.git("update-ref", "--create-reflog", "refs/stash", "main"),
    "I5: the stash changed",
  ],
  ["another setting", () => place.git("config", "a.b", "c"), "I5: the configuration changed"],
  ["a hook", () => writeFileSync(here(".git/hooks/pre-push"), "exit 1\n"), "I5: the hooks changed"],
  [
    "another branch that is checked out",
    () => place.git("symbolic-ref", "HEAD", "refs/heads/switchyard/t-1"),
    "I5: what is checked out changed",
  ],
  [
    "a child that came before its parent",
    () => change("INSERT INTO task_after VALUES ('t-1', 't-2', 1)"),
    "I6: t-1 landed before t-2, for which it waits",
  ],
  [
    "a lock that is left",
    () => writeFileSync(here(".git/refs/heads/main.lock"), ""),
    "I7: a lock is left: refs/heads/main.lock",
  ],
  [
    "a landing that nobody settled",
    () => change("UPDATE landings SET state = 'intent' WHERE id = 2"),
    "I7: landing 2 was announced and is not settled",
  ],
  [
    "one that was red once only",
    () =>
      change(
        `DELETE FROM verdicts WHERE id = (SELECT max(id) FROM verdicts WHERE tree = ${RED_TREE} AND is_green = 0)`,
      ),
    "I8: q-3 was returned as red, but it was red once",
  ],
  [
    "one that was returned on a target nobody has seen green",
    () => change("DELETE FROM verdicts WHERE is_green = 1"),
    "I8: q-3 was returned as red, but the target was never green",
  ],
  [
    "one that was never tested alone",
    () => change("UPDATE entries SET base = head WHERE id = 'q-3'"),
    "I8: q-3 was returned as red, but it was not tested alone on the target",
  ],
  [
    "a candidate that is left",
    async () => place.git("update-ref", await refOf("cand", "q-3"), "main"),
    "I9: a candidate is left: refs/switchyard/cand/.*/q-3",
  ],
  [
    "a worktree of which the folder is gone",
    () => rmSync(join(home, "worktrees/app/.pool-1"), { recursive: true }),
    "I9: half a worktree is left",
  ],
  [
    "a folder that is no worktree",
    () => mkdirSync(join(home, "worktrees/app/.pool-2")),
    "I9: a folder is left that is no worktree",
  ],
  [
    "a landing that began during a pause",
    () =>
      change(
        "UPDATE events SET kind = 'queue.paused', subject = 'app' WHERE kind = 'queue.removed'",
      ),
    "I10: q-1 began to land at event \\d+, during a pause",
  ],
])("the auditor names %s", async (_name, breakIt, said) => {
  await breakIt();
  expect(auditQueue(audit)).toContainEqual(expect.stringMatching(new RegExp(`^${said}`)));
});

test("the auditor names a landing that is red when it is checked again", () => {
  const wrong = auditQueue({ ...audit, check: ["test", "-e", "never.txt"] });
  const red = expect.stringMatching(/^I1: .* is red when it is checked again/);
  expect(wrong).toEqual([red, red]);
});

test.skipIf(process.platform !== "linux")("the auditor names a process that is left", async () => {
  const cwd = realpathSync(join(home, "worktrees/app/.pool-1"));
  const left = spawn("cat", { cwd, stdio: ["pipe", "ignore", "ignore"] });
  await once(left, "spawn");
  try {
    expect(auditQueue(audit)).toEqual([`I9: process ${left.pid} still works in ${cwd}`]);
  } finally {
    left.kill();
    await once(left, "exit");
  }
});
