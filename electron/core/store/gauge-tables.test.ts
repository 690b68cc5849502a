import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SessionId } from "../../../shared/model/ids.ts";
import { type FakeClock, fakeClock } from "../base/fake-clock.ts";
import { GaugeTables } from "./gauge-tables.ts";

const one = SessionId.parse("s-1");
const two = SessionId.parse("s-2");

/** Tables on a file of their own, opened anew as often as the test asks. */
function withTables(work: (open: () => GaugeTables, clock: FakeClock) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-gauges-"));
  const clock = fakeClock();
  const opened: GaugeTables[] = [];
  const open = () => {
    opened.pop()?.close();
    const tables = new GaugeTables(join(folder, "telemetry.db"), clock, "write");
    opened.push(tables);
    return tables;
  };
  try {
    work(open, clock);
  } finally {
    opened.pop()?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

test("an answer's tokens count once, however often it is reported, and while it grows", () => {
  withTables((open) => {
    const report = (id: string, tokens: number) =>
      open().setSession(one, { context: null, costUsd: null, answer: { id, tokens } }, () => null);
    report("a", 100);
    report("a", 100);
    report("a", 130);
    report("b", 50);
    expect(open().tokensOf(one)).toBe(180);
    expect(open().tokensOf(two)).toBe(0);
  });
});

test("a day costs what its sessions cost more since its midnight", () => {
  withTables((open, clock) => {
    const cost = (session: SessionId, costUsd: number) =>
      open().setSession(session, { context: null, costUsd }, () => null);
    cost(one, 1);
    cost(one, 3);
    cost(two, 0.5);
    expect(open().costOfToday()).toBeCloseTo(3.5);
    clock.jump(24 * 3_600_000);
    expect(open().costOfToday()).toBe(0);
    cost(one, 4);
    expect(open().costOfToday()).toBeCloseTo(1);
  });
});

test("whoever goes on with a conversation is charged only what comes after", () => {
  withTables((open) => {
    const report = (session: SessionId, costUsd: number, id: string, continued: SessionId | null) =>
      open().setSession(
        session,
        { context: null, costUsd, answer: { id, tokens: 100 } },
        () => continued,
      );
    report(one, 2, "a", null);
    report(two, 2, "a", one);
    expect([open().costOfToday(), open().tokensOf(two)]).toEqual([2, 0]);
    report(two, 3, "b", one);
    expect([open().costOfToday(), open().tokensOf(two)]).toEqual([3, 100]);
  });
});

test("a report that is not written to its end counts nothing, and counts whole when it comes again", () => {
  withTables((open) => {
    const tables = open();
    const report = (costUsd: number, id: string, tokens: number) =>
      tables.setSession(one, { context: null, costUsd, answer: { id, tokens } }, () => null);
    report(2, "a", 100);
    // The row of the gauge is the last to be written, and takes no negative cost.
    expect(() => report(-1, "b", 50)).toThrow("CHECK");
    expect([tables.tokensOf(one), tables.ofSession(one).costUsd]).toEqual([100, 2]);
    const next = open();
    expect([next.tokensOf(one), next.ofSession(one).costUsd, next.costOfToday()]).toEqual([
      100, 2, 2,
    ]);
    next.setSession(
      one,
      { context: null, costUsd: 3, answer: { id: "b", tokens: 50 } },
      () => null,
    );
    expect([open().tokensOf(one), open().costOfToday()]).toEqual([150, 3]);
  });
});

test("whom a session goes on with is asked for only until it has numbers of its own", () => {
  withTables((open) => {
    const tables = open();
    let asked = 0;
    const report = (id: string) =>
      tables.setSession(two, { context: null, costUsd: 1, answer: { id, tokens: 10 } }, () => {
        asked += 1;
        return null;
      });
    for (const id of ["a", "b", "c"]) report(id);
    expect(asked).toBe(1);
  });
});
