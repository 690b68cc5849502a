import { expect, test } from "vitest";
import type { Ask } from "../../../shared/model/ask.ts";
import type { SessionId } from "../../../shared/model/ids.ts";
import type { Session } from "../../../shared/model/session.ts";
import { planBroadcast, wordBroadcast } from "./plan-broadcast.ts";

// Nothing else of a session or an ask is looked at.
const session = (id: string, state: string) => ({ id, state }) as unknown as Session;
const ask = (id: string, kind: Ask["kind"]) => ({ session: id as SessionId, kind });

test("who works or is idle hears it; who shows a dialog, starts or has ended does not, and it is said why", () => {
  const inView = [
    session("s-1", "working"),
    session("s-2", "idle"),
    session("s-3", "working"),
    session("s-4", "needs-input"),
    session("s-5", "starting"),
    session("s-6", "ended"),
    session("s-7", "interrupted"),
    session("s-8", "unknown"),
  ];
  const { receivers, skipped } = planBroadcast(inView, [ask("s-3", "gate")], []);
  expect(receivers.map(({ id }) => id)).toEqual(["s-1", "s-2", "s-7"]);
  expect(skipped.map(({ session: { id }, why }) => `${id} ${why}`)).toEqual([
    "s-3 asks whether a command may run",
    "s-4 shows a dialog",
    "s-5 is still starting",
    "s-6 has ended",
    "s-8 may show a dialog",
  ]);
});

test("who was left out is neither told nor counted", () => {
  const { receivers, skipped } = planBroadcast(
    [session("s-1", "working"), session("s-2", "ended")],
    [],
    ["s-1" as SessionId, "s-2" as SessionId],
  );
  expect([...receivers, ...skipped]).toEqual([]);
});

test("what became of it names each that refused", () => {
  const results = [
    { session: "s-1", kind: "sent" },
    { session: "s-2", kind: "refused", why: "It is asking something." },
  ] as const;
  expect(wordBroadcast(results)).toBe("Sent to 1 of 2. s-2: It is asking something.");
});
