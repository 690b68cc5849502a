import { expect, test } from "vitest";
import { createTestRepository } from "../git/test-repository.ts";
import { sampleProject } from "../store/sample-rows.ts";
import type { BuiltEntry } from "./check-work.ts";
import { HeldStack } from "./held-stack.ts";

test("a move that is refused though nothing is in its way is tried ever more rarely, until something is", async () => {
  await using place = await createTestRepository();
  const from = await place.oid("main");
  const candidate = await place.commitOn("work", { "a.txt": "theirs\n" });
  const parts = { store: {}, place: { repository: async () => place.repo } };
  // A look asks for the repository, and of what is held only for its commit.
  const stack = new HeldStack(parts as unknown as ConstructorParameters<typeof HeldStack>[0]);
  stack.push([{ candidate } as BuiltEntry], from);
  const project = { ...sampleProject(), target: "main" };
  const look = () => stack.look(project, new AbortController().signal);
  const countLooks = async () => {
    let looks = 1;
    while (!(await look())) looks += 1;
    return looks;
  };

  const waits: number[] = [];
  for (let tries = 0; tries < 10; tries++) {
    waits.push(await countLooks());
    stack.block();
  }
  expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 225, 225]);

  place.write({ "a.txt": "mine\n" });
  for (let looks = 0; looks < 225; looks++) expect(await look()).toBe(false);
  place.write({ "a.txt": "one\ntwo\nthree\n" });
  expect(await look()).toBe(true);
  stack.block();
  expect(await countLooks()).toBe(2);
});
