import { expect, test } from "vitest";
import { runAgainst } from "./fake-surroundings.ts";

test("a mistake is told with the one usage line and where to read on", async () => {
  const { err } = await runAgainst({}, "project", "add", ".", "--land", "cherry");
  expect(err.split("\n")).toEqual([
    expect.stringContaining("Allowed choices are merge, squash, rebase"),
    "`switchyard project add --help` tells more.",
    "",
    "Usage: switchyard project add [options] <path>",
    "",
  ]);
  expect((await runAgainst({}, "tusk")).err).toContain("`switchyard --help` tells more.");
});

test("who names no command is shown all of them", async () => {
  expect((await runAgainst({})).err).toContain("\n  profile ");
  expect((await runAgainst({}, "task")).err).toContain("\n  create ");
});

test("the help says where errors go with --json, and there standard output stays empty", async () => {
  expect((await runAgainst({}, "--help")).out.replace(/\s+/g, " ")).toContain(
    'errors as {"error":…} on standard error',
  );
  const { out, err } = await runAgainst({}, "--json", "tusk");
  expect(out).toBe("");
  expect(JSON.parse(err)).toMatchObject({ error: { code: "usage" } });
});
