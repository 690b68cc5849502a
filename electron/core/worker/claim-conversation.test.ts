import { expect, test } from "vitest";
import type { ProcessIdentity } from "../base/process-identity.ts";
import type { SessionRecord } from "../store/store.ts";
import { claimConversation } from "./claim-conversation.ts";

const OURS: ProcessIdentity = { pid: 11, startTicks: "1", bootId: null };
const THEIRS: ProcessIdentity = { pid: 12, startTicks: "2", bootId: null };

async function check(world: {
  readonly living: readonly ProcessIdentity[];
  readonly survive?: readonly ProcessIdentity[];
  readonly refused: RegExp | null;
  readonly ended: readonly ProcessIdentity[];
}) {
  let living = world.living;
  const ended: ProcessIdentity[] = [];
  const claiming = claimConversation(
    {
      findHolders: () => living,
      isOurs: ({ pid }) => pid === OURS.pid,
      end: async (find) => {
        const found = find().filter((each) => !world.survive?.includes(each));
        ended.push(...found);
        living = living.filter((each) => !found.includes(each));
        return find();
      },
    },
    // Only the task's name is read.
    { task: "t-1" } as SessionRecord,
  );
  if (world.refused) await expect(claiming).rejects.toThrow(world.refused);
  else await claiming;
  expect(ended).toEqual(world.ended);
}

test("a conversation that nobody has is free", () =>
  check({ living: [], refused: null, ended: [] }));
test("an orphan of ours is ended first", () =>
  check({ living: [OURS], refused: null, ended: [OURS] }));
test("what a person has open is left alone, and named", () =>
  check({ living: [THEIRS], refused: /process 12 has it/, ended: [] }));
test("an orphan that does not end keeps the conversation", () =>
  check({ living: [OURS], survive: [OURS], refused: /process 11 has it/, ended: [] }));
