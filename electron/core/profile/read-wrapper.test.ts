import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ProfileName } from "../../../shared/model/ids.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { readWrapper } from "./read-wrapper.ts";
import { writeProfileWrapper } from "./write-profile-wrapper.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard-wrapper-"));
});
afterEach(() => rmSync(home, { recursive: true }));

function script(content: string, name = "claude-work"): string {
  const file = join(home, name);
  writeFileSync(file, content);
  chmodSync(file, 0o755);
  return file;
}

test.each([
  ['export CLAUDE_CONFIG_DIR="$HOME/a b"\nexec claude "$@"', "HOME/a b", null],
  ["CLAUDE_CONFIG_DIR=~/.claude-work exec claude", "HOME/.claude-work", null],
  [
    'export CLAUDE_CONFIG_DIR=/x/y/\nexec /opt/claude/bin/claude "$@"',
    "/x/y",
    "/opt/claude/bin/claude",
  ],
  ["CLAUDE_CONFIG_DIR='/x y' ~/bin/claude \"$@\"", "/x y", "HOME/bin/claude"],
  ["export CLAUDE_CONFIG_DIR=/x\nexec $CLAUDE", "/x", null],
])("a script of a person's: %s", (lines, dir, executable) => {
  const inHome = (path: string | null) => path?.replace("HOME", home) ?? null;
  expect(readWrapper(script(`#!/bin/sh\n${lines}\n`), home)).toEqual({
    dir: inHome(dir),
    wish: "work",
    executable: inHome(executable),
  });
});

test.each([
  ["what only a shell could work out", "#!/bin/sh\nCLAUDE_CONFIG_DIR=$(pwd) claude\n"],
  ["a folder that is not absolute", "#!/bin/sh\nCLAUDE_CONFIG_DIR=here claude\n"],
  ["a file that is no script", "CLAUDE_CONFIG_DIR=/x claude\n"],
  ["a script of something else", "#!/bin/sh\nexec make\n"],
])("%s is no wrapper", (_, content) => {
  expect(readWrapper(script(content), home)).toBeNull();
});

test.each([
  ["of a folder with a quote in its name", "it's mine", null],
  ["that names its program", ".claude-max", "~/bin/my claude"],
  ["of the default profile", null, null],
])("what Switchyard wrote is read back: a wrapper %s", (_, folder, executable) => {
  const dir = folder === null ? null : join(home, folder);
  // What a wrapper is written from.
  const profile = {
    name: ProfileName.parse("max-1"),
    plan: "max",
    dir,
    executable,
    envNames: [],
  } as unknown as Profile;
  const file = writeProfileWrapper(profile, join(home, "claude-max-1"), home);
  expect(readWrapper(file, home)).toEqual({
    dir: dir ?? join(home, ".claude"),
    wish: "max-1",
    executable: executable?.replace("~", home) ?? null,
  });
});
