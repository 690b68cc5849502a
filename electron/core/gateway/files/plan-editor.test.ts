import { expect, test } from "vitest";
import { isKnownEditor, needsTerminal, planEditor } from "./plan-editor.ts";

const place = { file: "/w/a b.ts", line: 12, column: 3 };

function check(command: readonly [string, ...string[]], words: string, at = place): void {
  const [program, ...own] = command;
  expect(planEditor(program, own, at).join(" ")).toBe(words);
}

test("each editor is told the place in its own way, and the person's own words stand before it", () => {
  check(["code"], "--goto /w/a b.ts:12:3");
  check(["/opt/Cursor.exe", "--new-window"], "--new-window --goto /w/a b.ts:12:3");
  check(["zed"], "/w/a b.ts:12:3");
  check(["idea"], "--line 12 --column 3 /w/a b.ts");
  check(["emacsclient"], "-n +12:3 /w/a b.ts");
});

test("without a line the file alone is opened, and by an editor that is not known too", () => {
  const top = { ...place, line: null as never, column: null as never };
  check(["code"], "/w/a b.ts", top);
  check(["my-editor", "-x"], "-x /w/a b.ts");
});

test("a command of the person's that names the place is filled in, each word staying one word", () => {
  const command = ["ed", "--at={line}:{column}", "{file}"] as const;
  expect(planEditor(command[0], command.slice(1), place)).toEqual(["--at=12:3", "/w/a b.ts"]);
});

test("editors that draw in a terminal are known by their name", () => {
  expect(["/usr/bin/vim", "nano", "code"].map(needsTerminal)).toEqual([true, true, false]);
  expect(["code.cmd", "vim", "cat"].map(isKnownEditor)).toEqual([true, false, false]);
});
