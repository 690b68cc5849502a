import { expect, test } from "vitest";
import { isDiskFailure, toStoreError } from "./store-error.ts";

const sqlite = (code: string) => Object.assign(new Error("it failed"), { code });

test("what SQLite says becomes something a person can act on, and keeps its cause", () => {
  const check = (code: string, expected: string) => {
    const cause = sqlite(code);
    expect(toStoreError(cause, "/home/switchyard.db")).toMatchObject({
      code: expected,
      message: expect.stringContaining("/home/switchyard.db"),
      hint: expect.any(String),
      cause,
    });
  };
  check("SQLITE_FULL", "disk-full");
  check("SQLITE_BUSY", "data-folder-busy");
  check("SQLITE_CORRUPT", "store-damaged");
  check("SQLITE_CORRUPT_INDEX", "store-damaged");
  check("SQLITE_NOTADB", "store-damaged");
});

test("anything else passes through", () => {
  const mine = new Error("mine");
  expect(toStoreError(mine, "/f")).toBe(mine);
  expect(isDiskFailure(mine)).toBe(false);
  expect(isDiskFailure(sqlite("SQLITE_IOERR_FSYNC"))).toBe(true);
});

test("F72: a native module of another Node is told in one line with the command that builds it anew", () => {
  expect(toStoreError(sqlite("ERR_DLOPEN_FAILED"), "/home/switchyard.db")).toMatchObject({
    message: expect.stringMatching(/does not fit Node \d+/),
    hint: expect.stringContaining("npm rebuild better-sqlite3"),
  });
});
