import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { EntryRecord } from "../store/store.ts";
import { check, createQueueFixture, isIn, start } from "./queue-fixture.ts";

/** Six entries, the last of them bad, of which two runs may go on beside each other. `run` sees how many of them are there as $n. */
async function open(run: (folder: string) => string) {
  const fixture = await createQueueFixture({ size: 6, parts: { sectionsOf: () => 2 } });
  const { folder } = fixture.place;
  const truth = "test ! -e bad";
  fixture.change({ checks: [check(`n=$(ls | grep -c "^f"); ${run(folder)}; ${truth}`, "unit")] });
  const entries: EntryRecord[] = [];
  for (const name of ["f1", "f2", "f3", "f4", "f5"])
    entries.push(await fixture.queueWork({ [name]: "x\n" }));
  entries.push(await fixture.queueWork({ bad: "x\n", f6: "x\n" }));
  return { fixture, folder, entries };
}

test("two parts of a red batch are run beside each other, each in a pool worktree of its own", async () => {
  // Both have begun before either ends: one after the other this would never go on.
  const { fixture, folder, entries } = await open(
    (at) =>
      `if test $n -lt 5; then pwd > ${at}/part-$n; while test $(ls ${at} | grep -c part-) -lt 2; do sleep 0.05; done; fi`,
  );
  await using _ = fixture;
  await start(fixture);
  for (const { id } of entries.slice(0, 5)) await fixture.until(id, isIn("landed"));
  const last = entries[5]?.id ?? ("" as EntryRecord["id"]);
  const { reason } = await fixture.until(last, isIn("returned"));
  expect(reason).toBe("a check fails: unit: exit code 1");
  expect(readdirSync(folder).filter((name) => name.startsWith("part-"))).toEqual([
    "part-2",
    "part-4",
  ]);
  const log = async (at: number) =>
    (await fixture.queue.log(entries[at]?.id ?? last, 0)).text.match(/== .* together/g) ?? [];
  expect((await log(0)).at(-1)).toContain("q-1 and q-2 together");
  expect((await log(3)).at(-1)).toContain("q-3 and q-4 together");
}, 120_000);

test("whoever is taken out while parts are run ends them all, and the rest goes on", async () => {
  const { fixture, folder, entries } = await open(
    (at) => `if test $n -lt 5 -a ! -e ${at}/go; then touch ${at}/part-$n; sleep 600; fi`,
  );
  await using _ = fixture;
  await start(fixture);
  const parts = () => readdirSync(folder).filter((name) => name.startsWith("part-")).length;
  await expect.poll(parts, { timeout: 60_000 }).toBe(2);
  writeFileSync(join(folder, "go"), "");
  fixture.queue.hold(entries[0]?.id ?? ("" as EntryRecord["id"]));
  for (const { id } of entries.slice(1, 5)) await fixture.until(id, isIn("landed"));
}, 120_000);
