import { expect, test } from "vitest";
import type { Project } from "../../../../shared/model/project.ts";
import { runGit } from "../../git/run-git.ts";
import { putFiles } from "../../git/test-repository.ts";
import { check, createQueueFixture, type QueueFixture } from "../queue-fixture.ts";

const OLD = "- Old.\n";
const isOver = ({ state }: { readonly state: string }) =>
  state === "landed" || state === "returned";

/** A project to which somebody has added a line of the changelog since `fork`. */
async function start(project: Partial<Project> = {}) {
  const files = { "CHANGELOG.md": OLD, "a.txt": "1\n2\n3\n" };
  const fixture = await createQueueFixture({ files, project });
  await fixture.place.git("branch", "fork");
  await fixture.place.commitOn("main", {
    "CHANGELOG.md": `- Theirs.\n${OLD}`,
    "a.txt": "1\nx\n3\n",
  });
  await fixture.place.git("reset", "-q", "--hard");
  return fixture;
}
async function land(
  fixture: QueueFixture,
  files: Record<string, string>,
  branch = "switchyard/t-x",
) {
  await fixture.place.git("branch", branch, "fork");
  const { id } = await fixture.queueWork(files, { branch });
  await fixture.queue.settle(new AbortController().signal);
  return fixture.until(id, isOver);
}

for (const policy of ["merge", "squash", "rebase"] as const) {
  test(`work whose conflict needs nobody's judgement lands by ${policy}, tested as settled, its branch as it was`, async () => {
    await using fixture = await start({
      land: policy,
      checks: [check("grep -q Ours CHANGELOG.md && grep -q Theirs CHANGELOG.md")],
    });
    const { place, store } = fixture;
    const entry = await land(fixture, { "CHANGELOG.md": `- Ours.\n${OLD}`, "b.txt": "b\n" });
    expect(entry).toMatchObject({ state: "landed", checks: [{ exitCode: 0 }] });
    expect(await place.show("main", "CHANGELOG.md")).toBe(`- Theirs.\n- Ours.\n${OLD}`);
    expect(await place.show("main", "b.txt")).toBe("b\n");
    expect(await place.oid(entry.branch)).toBe(entry.head);
    expect(await place.oid(`refs/switchyard/work/${store.identity}/${entry.id}/1`)).toBe(
      entry.head,
    );
    const message = await place.git("log", "-1", "--first-parent", "--format=%B", "main");
    expect(message).toContain(`Switchyard-Entry: ${entry.id}`);
    expect(await place.git("status", "--porcelain")).toBe("");
    const told = store.events.since(0, { subject: entry.id }).map(({ kind }) => kind);
    expect(told).toContain("queue.settled");
  });
}

test("one file that needs a look sends all of it back, with every file that conflicts", async () => {
  await using fixture = await start();
  const entry = await land(fixture, { "CHANGELOG.md": `- Ours.\n${OLD}`, "a.txt": "1\ny\n3\n" });
  expect(entry).toMatchObject({ state: "returned", reason: "conflicts with main" });
  expect(entry.files).toEqual(["CHANGELOG.md", "a.txt"]);
});

test("what was settled and does not pass goes back to its worker; the target stays", async () => {
  await using fixture = await start({ checks: [check("! grep -q Ours CHANGELOG.md")] });
  const before = await fixture.place.oid("main");
  const entry = await land(fixture, { "CHANGELOG.md": `- Ours.\n${OLD}` });
  expect(entry.state).toBe("returned");
  expect(await fixture.place.oid("main")).toBe(before);
});

test("what a person made of it counts before what needs nobody's judgement", async () => {
  await using fixture = await start({ checks: [check("! grep -q Ours CHANGELOG.md")] });
  const { place, queue } = fixture;
  const entry = await land(fixture, { "CHANGELOG.md": `- Ours.\n${OLD}` });
  const { hands } = queue.conflicts;
  const { folder } = await hands.open(entry.id);
  putFiles(folder, { "CHANGELOG.md": `- Theirs.\n- Mine.\n${OLD}` });
  await runGit(folder, ["add", "-A"]);
  const { id } = await hands.take(entry.id);
  expect((await fixture.until(id, isOver)).state).toBe("landed");
  expect(await place.show("main", "CHANGELOG.md")).toBe(`- Theirs.\n- Mine.\n${OLD}`);
});

test("two that conflict with each other in the changelog only both land", async () => {
  await using fixture = await createQueueFixture({
    files: { "CHANGELOG.md": OLD, "a.txt": "a\n" },
  });
  const { place, queue } = fixture;
  await place.git("branch", "fork");
  await place.git("branch", "one", "fork");
  await place.git("branch", "two", "fork");
  const one = await fixture.queueWork({ "CHANGELOG.md": `- One.\n${OLD}` }, { branch: "one" });
  const two = await fixture.queueWork({ "CHANGELOG.md": `- Two.\n${OLD}` }, { branch: "two" });
  await queue.settle(new AbortController().signal);
  expect((await fixture.until(one.id, isOver)).state).toBe("landed");
  expect((await fixture.until(two.id, isOver)).state).toBe("landed");
  expect(await place.show("main", "CHANGELOG.md")).toBe(`- One.\n- Two.\n${OLD}`);
});
