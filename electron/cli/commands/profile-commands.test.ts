import { expect, test } from "vitest";
import { runAgainst } from "../fake-surroundings.ts";

test("an import that finds nothing does not say that there are no profiles", async () => {
  const handlers = { "profile.import": () => [] };
  const { exitCode, out } = await runAgainst({ handlers }, "profile", "import");
  expect([exitCode, out]).toEqual([0, "Nothing was found to import.\n"]);
});

test.each([
  ["add", "what is subscribed to (required)"],
  ["wrapper", "where the script goes (required)"],
])("the help of profile %s says what cannot be left out", async (command, words) => {
  expect((await runAgainst({}, "profile", command, "--help")).out).toContain(words);
  expect((await runAgainst({}, "profile", "set", "--help")).out).not.toContain("(required)");
});
