import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireCoreLock, findCoreHolder } from "./core-lock.ts";
import { type DataFolder, dataFolder, prepareDataFolder } from "./data-folder.ts";
import { ownIdentity } from "./process-identity.ts";

const RACERS = 20;
let folder: DataFolder;
beforeEach(() => {
  folder = dataFolder(mkdtempSync(join(tmpdir(), "core-lock-")));
  prepareDataFolder(folder);
});
afterEach(() => rmSync(folder.home, { recursive: true, force: true }));

test("the second is told who holds the data folder, and gets it after the release", () => {
  const first = acquireCoreLock(folder, { version: "1.2.3" });
  if (first.kind !== "held") throw new Error("the first did not get the lock");
  expect(acquireCoreLock(folder, { version: "1.2.3" })).toMatchObject({
    kind: "taken",
    holder: { pid: process.pid, version: "1.2.3" },
  });
  expect(findCoreHolder(folder)?.pid).toBe(process.pid);
  first.release();
  expect(findCoreHolder(folder)).toBeNull();
  expect(acquireCoreLock(folder, { version: "1" }).kind).toBe("held");
  expect(readdirSync(folder.run)).toEqual(["core.json"]);
});

test("a holder that is provably gone is replaced", () => {
  leaveDeadHolder();
  expect(acquireCoreLock(folder, { version: "1" }).kind).toBe("held");
  expect(JSON.parse(readFileSync(folder.coreFile, "utf8")).pid).toBe(process.pid);
});

test("a claimant that died on its way to replace a dead holder holds up nobody", async () => {
  leaveDeadHolder();
  // Killed after it made its claim and before it replaced the holder: the claim alone is left.
  const claimant = acquireInside("1");
  expect(await claimant.outcome).toBe("held");
  const claimed = readFileSync(folder.coreFile, "utf8");
  claimant.process.kill("SIGKILL");
  await once(claimant.process, "exit");
  leaveDeadHolder();
  const { createHash } = await import("node:crypto");
  const dead = readFileSync(folder.coreFile, "utf8");
  const hash = createHash("sha256").update(dead).digest("hex").slice(0, 24);
  writeFileSync(`${folder.coreFile}.claim-${hash}`, claimed);

  expect(acquireCoreLock(folder, { version: "1" }).kind).toBe("held");
  expect(readdirSync(folder.run)).toEqual(["core.json"]);
});

test("a file that does not name a holder is left alone, with a way out", () => {
  writeFileSync(folder.coreFile, "");
  expect(() => acquireCoreLock(folder, { version: "1" })).toThrow(
    expect.objectContaining({
      code: "data-folder-unusable",
      hint: expect.stringContaining("remove"),
    }),
  );
});

for (const start of ["an empty place", "a dead holder's lock"] as const) {
  test(`of ${RACERS} processes that race for ${start} exactly one wins`, {
    timeout: 60_000,
  }, async () => {
    if (start !== "an empty place") leaveDeadHolder();
    const racers = Array.from({ length: RACERS }, () => acquireInside("go"));
    try {
      await Promise.all(racers.map((racer) => racer.ready));
      for (const racer of racers) racer.process.stdin?.write("go\n");
      const outcomes = await Promise.all(racers.map((racer) => racer.outcome));
      expect(outcomes.filter((outcome) => outcome === "held")).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome === "taken")).toHaveLength(RACERS - 1);
    } finally {
      for (const racer of racers) racer.process.kill("SIGKILL");
    }
  });
}

function leaveDeadHolder(): void {
  const gone = {
    ...ownIdentity(),
    startTicks: "1",
    version: "0",
    startedAt: new Date().toISOString(),
  };
  writeFileSync(folder.coreFile, `${JSON.stringify(gone)}\n`);
}

interface Racer {
  readonly process: ChildProcess;
  readonly ready: Promise<string>;
  readonly outcome: Promise<string>;
}

/** Tries for the lock in a process of its own, at once or (version "go") when it gets a line, and stays alive. */
function acquireInside(version: string): Racer {
  const script = `
    import { once } from "node:events";
    import { acquireCoreLock } from ${JSON.stringify(join(import.meta.dirname, "core-lock.ts"))};
    import { dataFolder } from ${JSON.stringify(join(import.meta.dirname, "data-folder.ts"))};
    console.log("ready");
    if (${JSON.stringify(version)} === "go") await once(process.stdin, "data");
    console.log(acquireCoreLock(dataFolder(${JSON.stringify(folder.home)}), { version: "1" }).kind);
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ready = lines.next().then(({ value }) => String(value));
  const outcome = ready.then(() => lines.next()).then(({ value }) => String(value));
  return { process: child, ready, outcome };
}
