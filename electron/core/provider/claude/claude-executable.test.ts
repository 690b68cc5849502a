import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { ClaudeVersions, isClaudeSupported, resolveClaude } from "./claude-executable.ts";

const folder = mkdtempSync(join(tmpdir(), "claude-"));
afterAll(() => rmSync(folder, { recursive: true }));
const where = { pathVariable: folder, homeFolder: folder };

function program(name: string, code: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${code}\n`);
  chmodSync(file, 0o755);
  return file;
}

test("F63: a claude that is missing, or cannot run, is told before anything is started", () => {
  expect(() => resolveClaude(null, where)).toThrow(/no program claude on the PATH/);
  expect(() => resolveClaude("/nowhere/claude", where)).toThrow("There is no program");
  const file = program("claude", "true");
  chmodSync(file, 0o644);
  expect(() => resolveClaude(null, where)).toThrow(/no permission to run/);
  mkdirSync(join(folder, "a-folder"));
  expect(() => resolveClaude(join(folder, "a-folder"), where)).toThrow(/it is a folder/);
  rmSync(file);
});

test("F63: a program that tells no version is not taken for Claude Code", async () => {
  const other = program("other", "echo hello");
  const of = new ClaudeVersions().of(other, {}, new AbortController().signal);
  await expect(of).rejects.toThrow(/does not tell its version/);
});

test("a program that answers with a page is told by its first line", async () => {
  const other = program("other", "printf 'Error: not installed.\\n\\nRun this:\\n' >&2; exit 1");
  const of = new ClaudeVersions().of(other, {}, new AbortController().signal);
  await expect(of).rejects.toThrow(/Error: not installed\.$/);
});

test("without a profile the way out is to add one with its program", async () => {
  const add = "switchyard profile add NAME --plan pro --executable PATH";
  const set = "switchyard profile set max-1 --executable PATH";
  for (const [profile, words] of [
    [null, add],
    ["max-1", set],
  ] as const) {
    const hint = expect.stringContaining(words);
    expect(() => resolveClaude(null, where, profile)).toThrow(expect.objectContaining({ hint }));
    const other = program("other", "echo hello");
    const of = new ClaudeVersions().of(other, {}, new AbortController().signal, profile);
    await expect(of).rejects.toMatchObject({ hint });
  }
});

test("versions are compared by their numbers", () => {
  expect(["2.1.295", "2.1.329", "2.10.0", "3.0.0"].map(isClaudeSupported)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(["2.1.294", "2.0.999", "1.9.9"].map(isClaudeSupported)).toEqual([false, false, false]);
});
