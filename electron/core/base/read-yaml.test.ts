import { expect, test } from "vitest";
import { z } from "zod";
import { readYaml } from "./read-yaml.ts";

test.each([
  ["queue: { push: origin\n", 1],
  ["queue: { push: origin", 1],
  ["a: 1\nqueue: [one,\n\n\n", 2],
  ["a: 1\n\nb: 'two\n", 3],
])("what is missing at the end of %j is reported on its last line", (text, line) => {
  const reading = readYaml("config.yaml", text, z.unknown());
  expect(reading).toMatchObject({ kind: "bad", problems: [{ line }] });
});
