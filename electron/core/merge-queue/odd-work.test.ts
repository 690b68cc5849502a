import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { ProjectName } from "../../../shared/model/ids.ts";
import { PASSED } from "./describe-batch.ts";
import { check, createQueueFixture, type QueueFixture, start } from "./queue-fixture.ts";

const APP = ProjectName.parse("app");

function shell({ place }: QueueFixture, script: string, cwd = place.repo.root): string {
  return execFileSync("sh", ["-c", script], { cwd }).toString("latin1").trim();
}

/** Queues a commit that was made outside of any checkout. */
async function queueCommit(fixture: QueueFixture, head: string) {
  const { task, branch } = await fixture.queueWork({ "seed.txt": `${head}\n` });
  const entry = { project: APP, task, branch, head, attempt: 2, priority: 3, summary: null };
  return fixture.store.write("test", () => fixture.queue.enqueue(entry));
}

const OTHER_HISTORY = "git commit-tree main^{tree} -m orphan";
const HOSTILE_NAME = [
  "blob=$(echo x | git hash-object -w --stdin)",
  'sub=$(printf "100644 blob $blob\\tconfig\\n" | git mktree)',
  'tree=$( (git ls-tree main; printf "040000 tree $sub\\t.GIT\\n") | git mktree)',
  "git commit-tree $tree -p main -m hostile",
].join("; ");

for (const [what, script, reason] of [
  ["has nothing to do with the target", OTHER_HISTORY, /unrelated histories/],
  ["git refuses to check out", HOSTILE_NAME, /invalid path/],
] as const) {
  test(`a branch that ${what} is held, and others land`, async () => {
    await using fixture = await createQueueFixture();
    const odd = await queueCommit(fixture, shell(fixture, script));
    const good = await fixture.queueWork({ "good.txt": "good\n" });
    await start(fixture);
    await fixture.until(good.id, ({ state }) => state === "landed");
    const held = await fixture.until(odd.id, ({ state }) => state === "held");
    expect(held.reason).toMatch(reason);
    expect(fixture.store.projects.find(APP)?.queue.state).toBe("running");
  });
}

test("files that git lists as changed as soon as it wrote them keep nothing from landing, and a check that changes one does", async () => {
  await using fixture = await createQueueFixture({
    files: { "a.txt": "a\n", "w.bat": "one\r\ntwo\r\n" },
    project: { checks: [check("! test -e harm || echo three >> w.bat")] },
  });
  shell(
    fixture,
    "echo '*.bat text' > .gitattributes; git add .gitattributes; git commit -qm lines",
  );
  fixture.place.notePerson();
  // A commit from a checkout would hold the file in its other form.
  const added = (name: string) =>
    `blob=$(echo x | git hash-object -w --stdin); tree=$( (git ls-tree main; printf "100644 blob $blob\\t${name}\\n") | git mktree); git commit-tree $tree -p main -m ${name}`;
  const work = await queueCommit(fixture, shell(fixture, added("one.txt")));
  await start(fixture);
  await fixture.until(work.id, ({ state }) => state === "landed");
  const harm = await queueCommit(fixture, shell(fixture, added("harm")));
  const held = await fixture.until(harm.id, ({ state }) => state === "held");
  expect(held.files).toEqual(["w.bat"]);
});

test("a changelog in another encoding is not settled by its text", async () => {
  await using fixture = await createQueueFixture();
  shell(fixture, "printf 'by J\\366rg\\n' > CHANGES; git add -A; git commit -qm changes");
  fixture.place.notePerson();
  const heads = ["one", "two"].map((name) => {
    const blob = `$( (echo ${name}; git cat-file blob main:CHANGES) | git hash-object -w --stdin)`;
    const line = `printf '100644 blob %s\\tCHANGES\\n' ${blob}`;
    const tree = `$( (git ls-tree main | grep -v CHANGES; ${line}) | git mktree)`;
    return shell(fixture, `git commit-tree ${tree} -p main -m ${name}`);
  });
  const [one, two] = [
    await queueCommit(fixture, heads[0] ?? ""),
    await queueCommit(fixture, heads[1] ?? ""),
  ];
  await start(fixture);
  await fixture.until(one.id, ({ state }) => state === "landed");
  const returned = await fixture.until(two.id, ({ state }) => state === "returned");
  expect(returned.files).toEqual(["CHANGES"]);
  expect(shell(fixture, "git show main:CHANGES")).toBe("one\nby J\xf6rg");
});

test("a check that makes a branch where it runs, or takes its repository away, keeps no other from landing", async () => {
  const harm = "case $(cat n) in 1) git switch -q -C of-a-check;; 2) rm .git;; esac";
  await using fixture = await createQueueFixture({ project: { checks: [check(harm)] }, size: 1 });
  for (const n of [1, 2, 3]) {
    const { id } = await fixture.queueWork({ n: `${n}\n`, [`${n}.txt`]: "x\n" });
    if (n === 1) await start(fixture);
    const state = n === 2 ? "held" : "landed";
    await fixture.until(id, (entry) => entry.state === state);
    if (n === 2) fixture.queue.resume(APP);
  }
});

test("what passed with another set-up is tested again", async () => {
  let run = "mkdir -p node_modules; touch node_modules/ok";
  const surroundings = { tools: [], declared: [], setUpFrom: null, caches: null } as const;
  const env = { PATH: process.env.PATH ?? "" };
  await using fixture = await createQueueFixture({
    files: { "a.txt": "a\n", ".gitignore": "node_modules\n" },
    project: {
      checks: [check("test -e node_modules/ok")],
      queue: { state: "paused", reason: null },
    },
    parts: {
      surroundingsOf: () => ({ ...surroundings, env, setUp: check(run, "set-up"), order: "given" }),
    },
    unaudited: "the auditor knows no set-up",
  });
  const { id } = await fixture.queueWork({ "one.txt": "1\n" });
  await start(fixture);
  await fixture.until(id, ({ reason }) => reason === PASSED);
  run = "rm -rf node_modules";
  fixture.queue.resume(APP);
  const project = await fixture.untilProject(({ queue }) => queue.reason !== null);
  expect(project.queue.reason).toContain("main is red");
});

test("a landing that a killed core announced and did not begin waits for the end of a freeze", async () => {
  let freezes = [{ from: "00:00", to: "24:00" }];
  await using fixture = await createQueueFixture({ parts: { freezesOf: () => freezes } });
  const { place, store } = fixture;
  const { id, head } = await fixture.queueWork({ "new.txt": "new\n" });
  const from = await place.oid("main");
  store.write("test", () => {
    store.entries.update(id, { state: "landing", base: from, candidate: head });
    const landing = { entry: id, entries: [id], project: APP, target: "main", from, to: head };
    store.landings.insert(landing);
  });
  await start(fixture);
  expect(await place.oid("main")).toBe(from);
  expect(store.entries.find(id)?.state).not.toBe("landing");
  freezes = [];
  fixture.queue.gate.look();
  await fixture.until(id, ({ state }) => state === "landed");
});
