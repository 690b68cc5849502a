import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bootId, isAlive, ownIdentity, startTicks } from "./process-identity.ts";

const onLinux = test.skipIf(process.platform !== "linux");

test("this process is alive", () => {
  expect(isAlive(ownIdentity())).toBe(true);
});

test("a process that has ended is dead", async () => {
  const child = spawn(process.execPath, ["-e", ""]);
  const pid = Number(child.pid);
  const identity = { pid, startTicks: startTicks(pid), bootId: bootId() };
  await once(child, "exit");
  expect(isAlive(identity)).toBe(false);
});

onLinux(
  "a pid that another process has now is dead, and so is every process of an earlier boot",
  () => {
    expect(isAlive({ ...ownIdentity(), startTicks: "1" })).toBe(false);
    expect(isAlive({ ...ownIdentity(), bootId: "another" })).toBe(false);
  },
);

onLinux("a zombie is dead", async () => {
  // The shell becomes a program that never collects the child it was given.
  const script = "exec 3<&0; cat <&3 & echo $!; exec sleep 60";
  const parent = spawn("sh", ["-c", script], { stdio: ["pipe", "pipe", "ignore"] });
  try {
    const [line] = await once(parent.stdout, "data");
    const pid = Number(String(line));
    await until(() => readFileSync(`/proc/${parent.pid}/comm`, "utf8") === "sleep\n");
    parent.stdin.end();
    await until(() => stateOf(pid) === "Z");
    expect(isAlive({ pid, startTicks: startTicks(pid), bootId: bootId() })).toBe(false);
  } finally {
    parent.kill("SIGKILL");
    await once(parent, "exit");
  }
});

function stateOf(pid: number): string | undefined {
  return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.[0];
}

async function until(isTrue: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !isTrue(); ) {
    if (Date.now() > end) throw new Error("it did not come true within 5 s");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
