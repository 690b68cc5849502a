import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Notice,
  type NoticeEvent,
  nextNoticeAtMs,
  quietNotices,
  stepNotices,
} from "./notice-machine.ts";

const notice = (key: string, kind: Notice["kind"] = "needs-you"): Notice => ({
  key,
  kind,
  title: key,
  text: "",
  subject: key,
  session: null,
});
const noticed = (nowMs: number, ...keys: string[]): NoticeEvent => ({
  kind: "noticed",
  notices: keys.map((key) => notice(key)),
  nowMs,
});

/** Plays a story and gives what was shown, by keys. */
function play(...events: readonly NoticeEvent[]) {
  let state = quietNotices;
  return events.flatMap((event) => {
    const next = stepNotices(state, event);
    state = next.state;
    return next.show ? [`${next.show.tag}: ${next.show.notices.map(({ key }) => key)}`] : [];
  });
}

test("tells at once and makes one of what comes within five seconds", () => {
  expect(play(noticed(0, "a"), noticed(3_000, "b"), noticed(4_999, "c"))).toEqual([
    "a: a",
    "a: a,b",
    "a: a,b,c",
  ]);
  expect(play(noticed(0, "a"), noticed(5_000, "b"))).toEqual(["a: a", "b: b"]);
});

test("tells once more after two minutes what nobody has answered, and then no more", () => {
  expect(
    play(
      noticed(0, "a", "b"),
      { kind: "gone", keys: new Set(["b"]) },
      { kind: "time-passed", nowMs: 119_999 },
      { kind: "time-passed", nowMs: 120_000 },
      { kind: "time-passed", nowMs: 500_000 },
    ),
  ).toEqual(["a: a,b", "again a: a"]);
});

test("does not repeat what only was to be known", () => {
  const { state } = stepNotices(quietNotices, {
    kind: "noticed",
    notices: [notice("t-1", "finished")],
    nowMs: 0,
  });
  expect(nextNoticeAtMs(state)).toBeNull();
});

test("whatever happens, nothing is begun twice, told a third time, or told when it is gone", () => {
  const act = fc.oneof(
    fc.record({ kind: fc.constant("noticed" as const), count: fc.integer({ min: 1, max: 3 }) }),
    fc.record({ kind: fc.constant("gone" as const), which: fc.nat() }),
    fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 200_000 }) }),
  );
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      let state = quietNotices;
      let nowMs = 0;
      let made = 0;
      const open = new Set<string>();
      const bursts = new Map<string, Set<string>>();
      const take = (event: NoticeEvent) => {
        const next = stepNotices(state, event);
        state = next.state;
        for (const { key } of next.show?.notices ?? []) {
          expect(open).toContain(key);
          bursts.set(key, (bursts.get(key) ?? new Set()).add(next.show?.tag ?? ""));
        }
      };
      for (const each of acts) {
        if (each.kind === "noticed") {
          const keys = Array.from({ length: each.count }, () => `n-${made++}`);
          for (const key of keys) open.add(key);
          take(noticed(nowMs, ...keys));
        } else if (each.kind === "gone") {
          const key = [...open][each.which % Math.max(1, open.size)];
          if (key === undefined) continue;
          open.delete(key);
          take({ kind: "gone", keys: new Set([key]) });
        } else {
          nowMs += each.ms;
          take({ kind: "time-passed", nowMs });
        }
      }
      for (const tags of bursts.values()) expect(tags.size).toBeLessThanOrEqual(2);
    }),
  );
});
