import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { composeEditor } from "./compose-editor.ts";

let bin: string;

beforeEach(() => {
  bin = mkdtempSync(path.join(tmpdir(), "switchyard-editor-"));
});
afterEach(() => rmSync(bin, { recursive: true, force: true }));

const place = { file: "/w/a b.ts", line: 12, column: 3 };

/** An editor that notes what it is given. */
function addEditor(name: string): void {
  const file = path.join(bin, name);
  const told = path.join(bin, "told");
  writeFileSync(file, `#!/bin/sh\nprintf '%s|' "$0" "$@" >${told}.new\nmv ${told}.new ${told}\n`);
  chmodSync(file, 0o755);
}

function open(editor: string | undefined, env: Readonly<Record<string, string>> = {}) {
  const parts = { configFile: "/data/config.yaml", editor: () => editor, homeFolder: bin };
  return composeEditor({ ...parts, env: { PATH: bin, DISPLAY: ":0", ...env } })(place);
}

async function expectTold(...words: readonly string[]): Promise<void> {
  const all = [path.join(bin, words[0] ?? ""), ...words.slice(1)];
  // The end of a process that is not ours to wait for is no event.
  await vi.waitFor(async () =>
    expect(await readFile(path.join(bin, "told"), "utf8")).toBe(`${all.join("|")}|`),
  );
}

test("the editor of the settings is started with the place in its words", async () => {
  addEditor("mine");
  expect(await open("mine --at {line} '{file}'")).toBe("mine");
  await expectTold("mine", "--at", "12", "/w/a b.ts");
});

test("without one, that of the shell is taken if it has a window, else the first that is there", async () => {
  addEditor("zed");
  addEditor("cursor");
  expect(await open(undefined, { VISUAL: "vim", EDITOR: "zed --wait" })).toBe("zed");
  await expectTold("zed", "--wait", "/w/a b.ts:12:3");
  expect(await open(undefined, { VISUAL: "vim" })).toBe("cursor");
});

test("where none can be opened the file is named, and how to name an editor", async () => {
  const refused = (opening: Promise<unknown>, why: string) =>
    expect(opening).rejects.toMatchObject({
      code: "executable-missing",
      message: `/w/a b.ts cannot be opened: ${why}`,
      hint: expect.stringContaining("/data/config.yaml"),
    });
  await refused(open(undefined), "None of the editors that are known here is on the PATH.");
  await refused(open("vim"), "vim draws in a terminal, and has none here.");
  await refused(open("nowhere"), "There is no editor nowhere.");
});
