import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { copyRecord, removeRecordCopy } from "./copy-record.ts";

const ID = "0b7f5a52-6d9c-4f7e-9a5e-0d6b3c1f2a10";
const SLUG = "-work-app";
const RECORD = '{"type":"user"}\n{"type":"assistant"}\n';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard-record-"));
  mkdirSync(folder("a"), { recursive: true });
  mkdirSync(join(home, "b"));
  writeFileSync(file("a"), RECORD, { mode: 0o600 });
  for (const name of [".credentials.json", "settings.json", ".claude.json"])
    writeFileSync(join(home, "a", name), "secret");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const folder = (profile: string) => join(home, profile, "projects", SLUG);
const file = (profile: string) => join(folder(profile), `${ID}.jsonl`);
const move = (from = "a", to = "b", recordFile: string | null = file(from)) => ({
  from: join(home, from),
  to: join(home, to),
  conversation: ID,
  cwd: "/work/app",
  recordFile,
});
const filesOf = (profile: string) =>
  readdirSync(join(home, profile), { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => entry.name);

test("copies the one record, readable by its owner alone, and nothing else", async () => {
  await copyRecord(move());
  expect(filesOf("b")).toEqual([`${ID}.jsonl`]);
  expect(readFileSync(file("b"), "utf8")).toBe(RECORD);
  expect(statSync(file("b")).mode & 0o777).toBe(0o600);
  expect(statSync(folder("b")).mode & 0o777).toBe(0o700);
  expect(readFileSync(file("a"), "utf8")).toBe(RECORD);
});

test("again is the same as once, also after a copy that was cut short", async () => {
  mkdirSync(folder("b"), { recursive: true });
  writeFileSync(`${file("b")}.switchyard-move`, "half of");
  await copyRecord(move());
  await copyRecord(move());
  expect(filesOf("b")).toEqual([`${ID}.jsonl`]);
  expect(readFileSync(file("b"), "utf8")).toBe(RECORD);
});

test("a record of several megabytes arrives whole", async () => {
  const long = Buffer.alloc(3_500_001, "abcdefg");
  writeFileSync(file("a"), long);
  await copyRecord(move());
  expect(readFileSync(file("b")).equals(long)).toBe(true);
});

test("back and forth: the state in which the conversation left is replaced by what came after", async () => {
  await copyRecord(move());
  writeFileSync(file("b"), `${RECORD}{"type":"more"}\n`);
  await copyRecord(move("b", "a"));
  expect(readFileSync(file("a"), "utf8")).toBe(`${RECORD}{"type":"more"}\n`);
});

test("another record in its place is not touched", async () => {
  mkdirSync(folder("b"), { recursive: true });
  writeFileSync(file("b"), '{"type":"other"}\n');
  await expect(copyRecord(move())).rejects.toThrow("another record of this conversation");
  expect(readFileSync(file("b"), "utf8")).toBe('{"type":"other"}\n');
  writeFileSync(file("b"), `${RECORD}longer`);
  await expect(copyRecord(move())).rejects.toThrow("another record");
});

test("the place that the program names is believed for the name of the folder only", async () => {
  const odd = join(home, "a", "projects", "another-slug");
  mkdirSync(odd);
  writeFileSync(join(odd, `${ID}.jsonl`), "odd\n");
  await copyRecord(move("a", "b", join("/elsewhere/another-slug", `${ID}.jsonl`)));
  expect(readFileSync(join(home, "b/projects/another-slug", `${ID}.jsonl`), "utf8")).toBe("odd\n");
  for (const named of [join(home, "a/.credentials.json"), `/..//${ID}.jsonl`, "/x/y", null]) {
    rmSync(join(home, "b"), { recursive: true });
    mkdirSync(join(home, "b"));
    await copyRecord(move("a", "b", named));
    expect(filesOf("b")).toEqual([`${ID}.jsonl`]);
    expect(readFileSync(file("b"), "utf8")).toBe(RECORD);
  }
});

test("symbolic links are refused on either side, and nothing is written behind them", async () => {
  const outside = join(home, "outside");
  mkdirSync(outside);
  symlinkSync(outside, join(home, "b", "projects"));
  await expect(copyRecord(move())).rejects.toThrow("is no folder of its own");
  removeRecordCopy(move());
  expect(readdirSync(outside)).toEqual([]);
  rmSync(join(home, "b", "projects"));

  mkdirSync(folder("b"), { recursive: true });
  writeFileSync(join(outside, "mine"), "mine");
  symlinkSync(join(outside, "mine"), file("b"));
  await expect(copyRecord(move())).rejects.toThrow("another record");
  removeRecordCopy(move());
  expect(readFileSync(join(outside, "mine"), "utf8")).toBe("mine");
  rmSync(file("b"));

  rmSync(file("a"));
  symlinkSync(join(home, "a", ".credentials.json"), file("a"));
  await expect(copyRecord(move())).rejects.toThrow("is a symbolic link");
  expect(existsSync(file("b"))).toBe(false);
});

test("a record that is gone is said", async () => {
  rmSync(file("a"));
  await expect(copyRecord(move())).rejects.toThrow(`cannot be read at ${file("a")}`);
});

test("taking the copy away leaves nothing of it, and everything else", async () => {
  await copyRecord(move());
  mkdirSync(join(home, "b", "session-env", ID), { recursive: true });
  removeRecordCopy(move());
  expect(readdirSync(join(home, "b", "projects"))).toEqual([]);
  expect(readdirSync(join(home, "b", "session-env"))).toEqual([]);
  removeRecordCopy(move());

  mkdirSync(folder("b"));
  writeFileSync(join(folder("b"), "another.jsonl"), "");
  await copyRecord(move());
  removeRecordCopy(move());
  expect(filesOf("b")).toEqual(["another.jsonl"]);
  expect(readFileSync(file("a"), "utf8")).toBe(RECORD);
});

test("a copy whose original is gone stays", async () => {
  await copyRecord(move());
  rmSync(file("a"));
  removeRecordCopy(move());
  expect(readFileSync(file("b"), "utf8")).toBe(RECORD);
});
