import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveExecutable } from "./resolve-executable.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "executable-"));
  for (const folder of ["first", "second", "second/tool-folder"]) mkdirSync(join(root, folder));
  for (const [file, mode] of [
    ["first/tool", 0o644],
    ["second/tool", 0o755],
    ["first/plain", 0o644],
  ] as const) {
    writeFileSync(join(root, file), "");
    chmodSync(join(root, file), mode);
  }
  symlinkSync(join(root, "nowhere"), join(root, "second/dangling"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const find = (name: string) =>
  resolveExecutable(name, { pathVariable: `${root}/first::.:${root}/second`, homeFolder: root });

test("a name is the first one on the path that can run", () => {
  expect(find("tool")).toEqual({ kind: "found", file: join(root, "second/tool") });
});

test("a tilde is the home folder", () => {
  expect(find("~/second/tool")).toEqual({ kind: "found", file: join(root, "second/tool") });
});

test("what is there and cannot run is not called missing", () => {
  const check = (asked: string, file: string, why: string) =>
    expect(find(asked)).toEqual({ kind: "not-runnable", file: join(root, file), why });
  check("plain", "first/plain", "it has no permission to run");
  check("~/second/tool-folder", "second/tool-folder", "it is a folder");
});

test("what is not there is missing, under the words it was asked for", () => {
  for (const asked of ["nothing", "~/nothing", "dangling", "~/first/tool/below"]) {
    expect(find(asked)).toEqual({ kind: "missing", asked });
  }
});
