import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LockRequest } from "../../../shared/model/build-lock.ts";
import { ProjectName } from "../../../shared/model/ids.ts";
import { type FakeClock, fakeClock } from "../base/fake-clock.ts";
import { silentLog } from "../base/log.ts";
import { BuildLocks } from "./build-locks.ts";

let folder: string;
let clock: FakeClock;
let slots: number;
const dead = new Set<number>();
const orphansEnded: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "switchyard-locks-"));
  clock = fakeClock();
  slots = 1;
  dead.clear();
  orphansEnded.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const fileOf = () => path.join(folder, "locks.json");
function startLocks(
  endOrphans = async (ticket: string): Promise<void> => void orphansEnded.push(ticket),
): BuildLocks {
  return new BuildLocks({
    clock,
    log: silentLog,
    file: fileOf(),
    slotsOf: () => slots,
    isAlive: ({ pid }) => !dead.has(pid),
    endOrphans,
  });
}

/** A process with its connection; what became of its claim. */
function createProcess(pid: number, own: object = {}) {
  const ticket = randomUUID();
  let close = () => {};
  const process = {
    ticket,
    granted: 0,
    take(locks: BuildLocks, how: { isRunning?: boolean; inside?: string } = {}) {
      const listeners: (() => void)[] = [];
      close = () => {
        for (const listener of listeners) listener();
      };
      const request = LockRequest.parse({
        ticket,
        lock: "build",
        command: `make ${pid}`,
        session: null,
        task: null,
        project: null,
        process: { pid, startTicks: null, bootId: null },
        ...own,
      });
      const told = { isRunning: how.isRunning ?? false, inside: how.inside ?? null };
      const connection = { onClose: (listener: () => void) => void listeners.push(listener) };
      locks.take(request, told, connection).then(
        () => {
          process.granted += 1;
        },
        () => {},
      );
    },
    disconnect: () => close(),
    die() {
      dead.add(pid);
      close();
    },
  };
  return process;
}

/** `1|2 3`: 1 holds, 2 and 3 wait. */
function look(locks: BuildLocks): string {
  const [lock] = locks.list();
  const pids = (claims: readonly { pid: number | null }[] = []) => claims.map(({ pid }) => pid);
  return `${pids(lock?.holders).join(" ")}|${pids(lock?.waiting).join(" ")}`;
}

test("a holder that ends frees its slot, and so does one that is killed once nothing of its command is left", async () => {
  using locks = startLocks();
  const [one, two, three] = [createProcess(1), createProcess(2), createProcess(3)];
  for (const each of [one, two, three]) each.take(locks);
  expect(look(locks)).toBe("1|2 3");
  locks.leave(one.ticket);
  expect(look(locks)).toBe("2|3");
  two.die();
  await clock.advance(1_000);
  expect(look(locks)).toBe("3|");
  expect(orphansEnded).toEqual([two.ticket]);
});

test("what a killed holder left behind is ended by the next core where this one ends meanwhile", async () => {
  const [one, two] = [createProcess(1), createProcess(2)];
  const cutOff = Promise.withResolvers<void>();
  {
    using locks = startLocks(() => cutOff.promise);
    one.take(locks);
    two.take(locks);
    one.die();
    await clock.advance(300);
  }
  cutOff.reject(new Error("the core is stopping"));
  await clock.advance(0);
  const ended = Promise.withResolvers<void>();
  using next = startLocks(() => ended.promise);
  two.take(next);
  await clock.advance(300);
  expect(look(next)).toBe("1|2");
  ended.resolve();
  await clock.advance(0);
  expect(look(next)).toBe("2|");
});

test("one that is killed while it waits is gone from the queue, and nothing is ended for it", async () => {
  using locks = startLocks();
  const [one, two] = [createProcess(1), createProcess(2)];
  one.take(locks);
  two.take(locks);
  two.die();
  await clock.advance(1_000);
  expect(look(locks)).toBe("1|");
  expect(orphansEnded).toEqual([]);
});

test("after the death of a core holders keep their slots and who waits keeps its place, in whatever order they come back", async () => {
  const [one, two, three] = [createProcess(1), createProcess(2), createProcess(3)];
  {
    using locks = startLocks();
    for (const each of [one, two, three]) each.take(locks);
  }
  using next = startLocks();
  expect(look(next)).toBe("1|2 3");
  three.take(next);
  dead.add(1);
  await clock.advance(300);
  // The second has not come back yet and is not overtaken.
  expect(three.granted).toBe(0);
  two.take(next);
  await clock.advance(0);
  expect(look(next)).toBe("2|3");
  expect(two.granted).toBe(1);
});

test("one that does not come back is overtaken after a while, and has its place when it does", async () => {
  const [one, two, three] = [createProcess(1), createProcess(2), createProcess(3)];
  {
    using locks = startLocks();
    for (const each of [one, two, three]) each.take(locks);
  }
  using next = startLocks();
  three.take(next);
  one.take(next, { isRunning: true });
  next.leave(one.ticket);
  expect(three.granted).toBe(0);
  await clock.advance(10_500);
  await clock.advance(0);
  expect(look(next)).toBe("3|2");
});

test("a process whose grant a dying core could not tell any more is granted it again", async () => {
  const one = createProcess(1);
  {
    using locks = startLocks();
    one.take(locks);
  }
  using next = startLocks();
  one.take(next);
  await clock.advance(0);
  expect(one.granted).toBe(2);
  expect(look(next)).toBe("1|");
});

test("a command that ran on without any core is counted as soon as there is one", () => {
  using locks = startLocks();
  const [one, two] = [createProcess(1), createProcess(2)];
  one.take(locks);
  two.take(locks, { isRunning: true });
  expect(look(locks)).toBe("1 2|");
});

test.each([["{ half"], ["[]"], ['[{"ticket":"x"}]'], ["null"]])(
  "a file that says %s keeps nobody from building",
  (text) => {
    writeFileSync(fileOf(), text);
    using locks = startLocks();
    const one = createProcess(1);
    one.take(locks);
    expect(look(locks)).toBe("1|");
  },
);

test("a folder that cannot be written keeps nobody from building", () => {
  rmSync(folder, { recursive: true });
  using locks = startLocks();
  const one = createProcess(1);
  one.take(locks);
  expect(look(locks)).toBe("1|");
  writeFileSync(folder, "");
});

test("what runs inside a held slot of the same lock needs none, and one that is over lends nothing", async () => {
  using locks = startLocks();
  const [one, inner, later] = [createProcess(1), createProcess(2), createProcess(3)];
  one.take(locks);
  inner.take(locks, { inside: one.ticket });
  await clock.advance(0);
  expect(inner.granted).toBe(1);
  expect(look(locks)).toBe("1|");
  later.take(locks, { inside: randomUUID() });
  expect(look(locks)).toBe("1|3");
});

test("a check of the queue goes first, gives its slot back, and is told when it has to wait", async () => {
  using locks = startLocks();
  const [one, two] = [createProcess(1), createProcess(2)];
  one.take(locks);
  two.take(locks);
  const check = {
    rank: "check" as const,
    lock: "build",
    command: "npm test",
    project: ProjectName.parse("app"),
    task: null,
    session: null,
  };
  const waited: unknown[] = [];
  const holding = locks.hold(check, new AbortController().signal, (lock) =>
    waited.push(lock?.name),
  );
  expect(waited).toEqual(["build"]);
  locks.leave(one.ticket);
  {
    using _slot = await holding;
    expect(locks.list()[0]?.holders[0]).toMatchObject({ rank: "check", command: "npm test" });
    expect(two.granted).toBe(0);
  }
  expect(look(locks)).toBe("2|");
});

test("a check that is given up while it waits leaves the queue", async () => {
  using locks = startLocks();
  createProcess(1).take(locks);
  const leaving = new AbortController();
  const check = { lock: "build", command: "npm test", project: null, task: null, session: null };
  const holding = locks.hold({ ...check, rank: "check" }, leaving.signal, () => {});
  leaving.abort(new Error("cancelled"));
  await expect(holding).rejects.toThrow("cancelled");
  expect(look(locks)).toBe("1|");
});

test("slots that the settings add are given out without anything else happening", async () => {
  using locks = startLocks();
  const [one, two] = [createProcess(1), createProcess(2)];
  one.take(locks);
  two.take(locks);
  slots = 2;
  await clock.advance(1_000);
  expect(look(locks)).toBe("1 2|");
});

test("whoever listens hears of every change", () => {
  using locks = startLocks();
  const heard: number[] = [];
  const stop = locks.onChange((now) => heard.push(now.length));
  const one = createProcess(1);
  one.take(locks);
  locks.leave(one.ticket);
  stop();
  one.take(locks);
  expect(heard).toEqual([1, 0]);
});
