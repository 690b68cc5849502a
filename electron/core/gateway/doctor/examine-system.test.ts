import { expect, test } from "vitest";
import { examineSystem, type Machine } from "./examine-system.ts";

const GIB = 1024 ** 3;
const healthy: Machine = {
  platform: "linux",
  nodeVersion: "24.21.0",
  home: "/home/ann/.local/share/switchyard",
  coreSocket: "/home/ann/.local/share/switchyard/run/core.sock",
  now: new Date("2026-11-21T12:00:00Z"),
  newestAt: new Date("2026-11-21T11:59:00Z"),
  readText: (file) =>
    ({
      "/proc/self/limits": "Max processes  30000  30000\nMax open files  4096  4096  files\n",
      "/proc/sys/kernel/pty/max": "4096",
      "/proc/sys/kernel/pty/nr": "12",
    })[file] ?? null,
  disk: {
    blockBytes: 4096,
    blocks: (100 * GIB) / 4096,
    freeBlocks: (50 * GIB) / 4096,
    files: 1_000_000,
    freeFiles: 900_000,
    type: 0xef53,
  },
  processes: 200,
  tryWatch: () => null,
  findProgram: (name) => `/usr/bin/${name}`,
};
const limits = (text: string): Partial<Machine> => ({
  readText: (file) => (file === "/proc/self/limits" ? text : healthy.readText(file)),
});

/** Everything that is not good on a machine like the healthy one but for this. */
function complaints(own: Partial<Machine>, planned = 10) {
  return examineSystem({ ...healthy, ...own }, planned).filter(({ result }) => result !== "good");
}
function check(own: Partial<Machine>, name: string, result: "bad" | "warning", detail: RegExp) {
  const found = complaints(own);
  expect(found).toMatchObject([{ name, result }]);
  expect(found[0]?.detail).toMatch(detail);
  expect(found[0]?.fix).toBeTruthy();
}

test("a healthy machine has nothing to complain of", () => {
  expect(complaints({})).toEqual([]);
  expect(complaints({ readText: () => null, processes: null, platform: "darwin" })).toEqual([]);
});

test("F19: too few open files for the planned sessions are told with the need", () => {
  check(
    limits("Max open files  64  64  files\n"),
    "Open files",
    "bad",
    /64 open files.*336 needed/,
  );
  expect(complaints(limits("Max open files  unlimited  unlimited\n"))).toEqual([]);
});

test("too few processes for the planned sessions are told", () => {
  const few = limits("Max processes  400  400\nMax open files  4096 4096\n");
  check(few, "Processes", "bad", /200 more processes.*600 needed/);
});

test("F20: terminals that run out are told as that and not as a full disk", () => {
  const readText = (file: string) =>
    file === "/proc/sys/kernel/pty/max" ? "20" : healthy.readText(file);
  check({ readText }, "Terminals", "bad", /8 pseudo-terminals free.*whatever the disk says/);
});

test("F21: watches that run out are told by their own name", () => {
  check({ tryWatch: () => "ENOSPC" }, "File watches", "warning", /not about the disk/);
  check({ tryWatch: () => "EMFILE" }, "File watches", "warning", /EMFILE/);
});

test("a disk below its floor, in space or in files, is bad", () => {
  const { disk } = healthy;
  check({ disk: { ...disk, freeBlocks: GIB / 4096 } }, "Disk", "bad", /1\.0 GiB/);
  check({ disk: { ...disk, freeBlocks: (4 * GIB) / 4096 } }, "Disk", "bad", /4 %/);
  check({ disk: { ...disk, freeFiles: 50_000 } }, "Inodes", "bad", /5 %/);
  expect(complaints({ disk: { ...disk, files: 0, freeFiles: 0 } })).toEqual([]);
});

test("a data folder on the network is bad", () => {
  check({ disk: { ...healthy.disk, type: 0x6969 } }, "Data folder", "bad", /NFS/);
});

test("a socket's path that systems would cut is bad", () => {
  check({ coreSocket: `/${"x".repeat(110)}/core.sock` }, "Socket", "bad", /121 bytes/);
});

test("a clock that was set back, or never set, is told", () => {
  check({ newestAt: new Date("2026-11-21T14:00:00Z") }, "Clock", "warning", /set back/);
  check({ now: new Date("1970-01-02T00:00:00Z"), newestAt: null }, "Clock", "bad", /1970/);
});

test("missing sandbox tools are named", () => {
  check({ findProgram: () => null }, "Sandbox tools", "warning", /bwrap and socat/);
});
