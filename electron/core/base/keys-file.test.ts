import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { KEY_ACTION_NAMES } from "../../../shared/model/key-actions.ts";
import { KeysFile } from "./keys-file.ts";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "keys-"));
  file = path.join(folder, "keys.yaml");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (...lines: readonly string[]) => writeFileSync(file, `${lines.join("\n")}\n`);

test("keys are as usual without a file, and as it says with one, without a new start", () => {
  const keys = new KeysFile(file);
  expect(keys.read()).toMatchObject({ problem: null, keys: { maximise: "Mod+Shift+M" } });
  write("version: 1", "keys:", "  maximise: F11", "  follow-need: F8", "  search: none");
  expect(keys.read()).toMatchObject({
    problem: null,
    conflicts: [],
    keys: { maximise: "F11", "follow-need": "F8", search: null, reply: "Mod+Shift+R" },
  });
});

test("a file that goes wrong is told with its line, and the keys before it stay in force", () => {
  const keys = new KeysFile(file);
  write("keys:", "  maximise: F11");
  keys.read();
  const check = (problem: RegExp, ...lines: readonly string[]) => {
    write(...lines);
    const now = keys.read();
    expect(now.problem).toMatch(problem);
    expect(now.keys.maximise).toBe("F11");
  };
  check(
    /keys\.yaml:2: keys\.maximize: there is no such key\. Known here: .*maximise/,
    "keys:",
    "  maximize: F9",
  );
  check(
    /keys\.yaml:3: keys\.reply: "Mod\+R" is not right\. These keys belong to the program/,
    "keys:",
    "  search: F9",
    "  reply: Mod+R",
  );
  check(/"maximise" is not right\. It is a map/, "keys: maximise");
  check(/it is not valid YAML/, "keys: [");
});

test("a file that cannot be read is told", () => {
  expect(new KeysFile(folder).read().problem).toBe(`${folder} cannot be read (EISDIR).`);
});

test("every action that can have keys is named where a person looks them up", () => {
  const page = readFileSync(path.join(import.meta.dirname, "../../../docs/keyboard.md"), "utf8");
  expect(KEY_ACTION_NAMES.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
