import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readMachineRoom } from "./read-machine-room.ts";

/** What a process reads of itself that runs under these. */
function readUnder(...under: readonly string[]) {
  const body = `
    import { readMachineRoom } from ${JSON.stringify(join(import.meta.dirname, "read-machine-room.ts"))};
    console.log(JSON.stringify(readMachineRoom(process.pid)));
  `;
  const [program = "", ...args] = [
    ...under,
    process.execPath,
    "--input-type=module-typescript",
    "-e",
    body,
  ];
  const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8", timeout: 30_000 });
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout) as ReturnType<typeof readMachineRoom>;
}

const isLinux = process.platform === "linux";
const fourTerminals =
  "mount -t devpts -o newinstance,max=4,ptmxmode=666 devpts /dev/pts && mount --bind /dev/pts/ptmx /dev/ptmx";
const mayMount = isLinux && spawnSync("unshare", ["-m", "sh", "-c", fourTerminals]).status === 0;

test.runIf(isLinux)("a machine has memory, terminals and files left, in believable numbers", () => {
  const room = readMachineRoom(process.pid);
  expect(room.freeMemoryMb).toBeGreaterThan(10);
  expect(room.freeTerminals).toBeGreaterThan(0);
  expect(room.freeFiles).toBeGreaterThan(0);
  expect(room.loadPerCore).toBeGreaterThanOrEqual(0);
});

test("what is not known is no number", () => {
  expect(readMachineRoom(null).freeFiles).toBeNull();
});

test.runIf(isLinux)("F19: the files that a process may still open are counted", () => {
  const { freeFiles } = readUnder("sh", "-c", 'ulimit -n 64; exec "$@"', "sh");
  expect(freeFiles).toBeLessThan(64);
});

test.runIf(mayMount)("F20: a limit of the mounted terminals counts, not only the kernel's", () => {
  const { freeTerminals } = readUnder(
    "unshare",
    "-m",
    "sh",
    "-c",
    `${fourTerminals} && exec "$@"`,
    "sh",
  );
  expect(freeTerminals).toBe(4);
});
