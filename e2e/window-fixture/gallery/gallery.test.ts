import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const partsFolder = path.resolve(import.meta.dirname, "../../../renderer/ui");
const textsIn = (folder: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".tsx"))
    .map((name) => readFileSync(path.join(folder, name), "utf8"));

test("every part that renderer/ui exports stands in the gallery", () => {
  const exported = textsIn(partsFolder).flatMap((text) =>
    [...text.matchAll(/^export (?:function|const) ([A-Z]\w*)/gm)].map(([, name]) => name),
  );
  const shown = textsIn(import.meta.dirname).flatMap((text) =>
    [...text.matchAll(/^ {4}name: "(\w+)"|^ {2}\{ name: "(\w+)"/gm)].map(
      ([, name, inOneLine]) => name ?? inOneLine,
    ),
  );
  expect(exported.length).toBeGreaterThan(0);
  expect(shown.sort()).toEqual(exported.sort());
});
