import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { APP, createProposing, isOpened } from "./proposing-fixture.ts";

const REFUSED = {
  ...{ code: 1, verb: "create", isBefore: true },
  said: "GraphQL: must be a collaborator (createPullRequest)",
};
/** As a remote's own rule against secrets does it: no commit that has the file comes in, beneath others neither. */
const NO_SECRETS = `#!/bin/sh
while read before after name; do
  for commit in $(git rev-list $after --not --all); do
    if git cat-file -e $commit:secret.txt 2>/dev/null; then echo "a secret in $commit"; exit 1; fi
  done
done
`;

test("what the remote refused is not beneath the work that was mended, and no try adds a commit to what is there", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const hook = join(world.gh.bare, "hooks", "pre-receive");
  writeFileSync(hook, NO_SECRETS);
  chmodSync(hook, 0o755);
  const { id, branch } = await fixture.queueWork({ "secret.txt": "key\n" });
  await world.untilPull(id, ({ problem }) => problem?.kind === "refused");
  await fixture.queue.returnToWorker(id, "take the key out");
  world.gh.fail(REFUSED);
  const mended = await world.queueAgain(id, { "new.txt": "clean\n" }, true);
  const isRefused = ({ problem }: { problem: { text: string } | null }) =>
    problem?.text.includes("collaborator") ?? false;
  await world.untilPull(mended.id, isRefused);
  const there = () => world.gh.git("rev-parse", `refs/heads/${branch}`);
  expect(await there()).toBe(mended.head);

  await fixture.queue.returnToWorker(mended.id, "say it in one commit");
  const next = await world.queueAgain(mended.id, { "new.txt": "rewritten\n" }, true);
  await world.untilPull(next.id, isRefused);
  const joined = await there();
  expect(await world.gh.git("rev-list", "--count", `main..${joined}`)).toBe("3");
  await world.look();
  expect(await there()).toBe(joined);
  world.gh.fail(null);
  await world.look();
  expect(world.find(next.id).pullRequest).toMatchObject({ number: 1, pushed: joined });
});

test("what the person committed on the target and pushed nowhere is not published; work that lacks it is", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const { place } = fixture;
  const begun = await place.oid("main");
  place.write({ "private.txt": "private\n" });
  await place.git("add", "private.txt");
  await place.git("commit", "-q", "-m", "private notes");
  const carries = await fixture.queueWork({ "new.txt": "new\n" });
  const { problem } = await world.untilPull(carries.id, (pull) => pull.problem !== null);
  expect(problem).toMatchObject({
    kind: "set-up",
    text: expect.stringContaining("main here has 1 commit that origin does not"),
    hint: expect.stringContaining("push origin main"),
  });
  expect(await world.gh.git("branch", "--list", carries.branch)).toBe("");

  await place.git("branch", "switchyard/t-2", begun);
  const lacks = await fixture.queueWork({ "two.txt": "two\n" });
  expect((await world.untilPull(lacks.id, isOpened)).pushed).toBe(lacks.head);
  expect(await world.gh.git("log", "--format=%s", "main..switchyard/t-2")).not.toContain("private");

  await place.git("push", "-q", "origin", "main");
  await world.look();
  expect((await world.untilPull(carries.id, isOpened)).pushed).toBe(carries.head);
});

test("nothing is opened on what the target is no more: it is tested again, and a conflict goes back to its worker", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const { place } = fixture;
  const land = async (file: string) => {
    const oid = await place.commitOn("theirs", { [file]: "theirs\n" });
    await place.git("push", "-q", "origin", `${oid}:refs/heads/main`);
    return oid;
  };
  const theirs = await land("theirs.txt");
  const id = await world.propose();
  expect(world.find(id)).toMatchObject({ state: "proposed", base: theirs });
  const kinds = world.kinds(id);
  expect(kinds.filter((kind) => kind === "queue.proposed")).toHaveLength(2);
  expect(kinds.filter((kind) => kind === "queue.pull-opened")).toHaveLength(1);

  await land("a.txt");
  const clash = await fixture.queueWork({ "a.txt": "mine\n" });
  const returned = await fixture.until(clash.id, ({ state }) => state === "returned");
  expect(returned).toMatchObject({ files: ["a.txt"], pullRequest: { number: null } });
  expect(world.gh.pulls()).toHaveLength(1);
});

test("one that is open and does not merge there any more is tested on what is there, once, and then told", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const { place } = fixture;
  const id = await world.propose();
  world.gh.change(1, { mergeable: "CONFLICTING" });
  // Here it merges with the same target.
  await world.look();
  expect(world.find(id)).toMatchObject({
    state: "proposed",
    pullRequest: { problem: { kind: "refused", text: expect.stringContaining("does not merge") } },
  });
  const oid = await place.commitOn("theirs", { "new.txt": "theirs\n" });
  await place.git("push", "-q", "origin", `${oid}:refs/heads/main`);
  await world.look();
  const returned = await fixture.until(id, ({ state }) => state === "returned");
  expect(returned).toMatchObject({ files: ["new.txt"], pullRequest: { number: 1 } });
  expect(fixture.store.tasks.find(returned.task)?.status).toBe("ready");
});

test("one that was rebased there before it was merged has landed", async () => {
  const world = await createProposing();
  await using fixture = world.fixture;
  const id = await world.propose();
  const { branch } = world.find(id);
  const { git } = world.gh;
  const person = ["-c", "user.name=GitHub", "-c", "user.email=noreply@example.com"];
  const commit = (tree: string, parent: string, text: string) =>
    git(...person, "commit-tree", tree, "-p", parent, "-m", text);
  const other = await commit("main^{tree}", "main", "other work");
  await git("update-ref", "refs/heads/main", other);
  await git("update-ref", `refs/heads/${branch}`, await commit(`${branch}^{tree}`, other, "work"));
  // The head is known here: somebody has fetched it.
  await fixture.place.git("fetch", "-q", "origin");
  const oid = await world.gh.merge(1, "merge");
  await world.look();
  expect(world.find(id)).toMatchObject({ state: "landed", candidate: oid });
  expect(world.find(id).pullRequest?.merged).toBe(oid);
  expect(fixture.store.projects.find(APP)?.queue.state).toBe("running");
});
