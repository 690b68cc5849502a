import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const root = path.resolve(import.meta.dirname, "..");
const PROMISES = "docs/promises.md";
const CASES = "docs/merge-queue-cases.md";
const ROW = /^\| *([PFQ]\d+)? *\| *([^|]*?) *\| *(`[^`]+`|no test) *\| *(.+?) *\|$/;

test.each([PROMISES, CASES])("each test that %s names is there", (page) => {
  const missing = readRows(page).flatMap(({ file, test: name }) =>
    file === null || isNamed(file, name) ? [] : [`${file}: ${name}`],
  );
  expect(missing).toEqual([]);
});

test("each promise and fault that is to be kept has a row of its own, with a test or a reason", () => {
  const named = namedIn(PROMISES);
  expect(named).toEqual([...new Set(named)]);
  expect(named).toEqual(expect.arrayContaining([...promises, ...faults]));
});

test("each case of the merge queue has a row of its own, with a test or a reason", () => {
  expect(namedIn(CASES)).toEqual(cases);
});

const numbers = (letter: string, ranges: readonly (readonly [number, number])[]) =>
  ranges.flatMap(([from, to]) =>
    Array.from({ length: to - from + 1 }, (_, n) => `${letter}${String(from + n)}`),
  );
const promises = numbers("P", [
  [1, 5],
  [7, 7],
  [11, 16],
  [18, 24],
  [27, 27],
]);
const faults = numbers("F", [
  [1, 14],
  [19, 22],
  [25, 27],
  [35, 46],
  [52, 57],
  [61, 71],
  [73, 81],
  [84, 87],
]).map((id) => (id.length === 2 ? `F0${id.slice(1)}` : id));

/** 45 that were agreed on, and one of what stands beside them. */
const cases = Array.from({ length: 46 }, (_, at) => `Q${String(at + 1).padStart(2, "0")}`);

interface Row {
  readonly id: string | undefined;
  readonly file: string | null;
  readonly test: string;
}

function namedIn(page: string): readonly string[] {
  return readRows(page).flatMap(({ id }) => (id === undefined ? [] : [id]));
}

function readRows(file: string): readonly Row[] {
  const page = readFileSync(path.join(root, file), "utf8");
  return page.split("\n").flatMap((line): Row[] => {
    const [, id, , kept = "", name = ""] = ROW.exec(line) ?? [];
    if (kept === "") return [];
    return [{ id, file: kept === "no test" ? null : kept.slice(1, -1), test: name }];
  });
}

/** As its name stands in the source: a name made of parts is given with them. */
function isNamed(file: string, name: string): boolean {
  if (!existsSync(path.join(root, file))) return false;
  const source = readFileSync(path.join(root, file), "utf8");
  return source.includes(`"${name}"`) || source.includes(`\`${name}\``);
}
