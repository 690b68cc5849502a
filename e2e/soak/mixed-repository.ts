import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runGit } from "../../demo/run-git.ts";

const AUTHOR = ["-c", "user.name=A Person", "-c", "user.email=person@example.test"];
const LOAD_MAX = 10;

/** A library with `pairs` files that name somebody each, and a test that no more is loaded on it than it carries. */
export function makeMixedRepository(
  folder: string,
  pairs: readonly number[],
): { readonly repository: string; readonly from: string } {
  const repository = path.join(folder, "library");
  runGit(folder, "init", "-q", "-b", "main", repository);
  const files: Record<string, string> = {
    "package.json": '{ "name": "library", "private": true, "type": "module" }\n',
    "test/load.js": LOAD_TEST,
    "src/loads/empty.js": writeLoad(0),
  };
  for (const pair of pairs) {
    files[`src/pair-${pair}.js`] = writePair(["nobody"]);
    files[`test/pair-${pair}.js`] = pairTest(pair);
  }
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(repository, name)), { recursive: true });
    writeFileSync(path.join(repository, name), content);
  }
  runGit(repository, "add", "--all");
  runGit(repository, ...AUTHOR, "commit", "-q", "-m", "A library");
  return { repository, from: runGit(repository, "rev-parse", "HEAD").trim() };
}

export function writePair(names: readonly string[]): string {
  return `export const names = ${JSON.stringify(names)};\n`;
}

/** Two loads of 6 are too much, one of 6 and one of 3 are not. */
export function writeLoad(load: number): string {
  return `export const load = ${load};\n`;
}

const pairTest = (pair: number) => `import assert from "node:assert/strict";
import { test } from "node:test";
import { names } from "../src/pair-${pair}.js";

test("pair ${pair} names somebody", () => {
  assert.ok(names.length > 0);
});
`;

const LOAD_TEST = `import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";

test("all loads together are at most ${LOAD_MAX}", async () => {
  const folder = new URL("../src/loads/", import.meta.url);
  let sum = 0;
  for (const file of readdirSync(folder)) sum += (await import(new URL(file, folder))).load;
  assert.ok(sum <= ${LOAD_MAX}, \`the loads are \${sum}\`);
});
`;

export function writePieceTest(name: string, n: number): string {
  return `import assert from "node:assert/strict";
import { test } from "node:test";
import { value } from "../src/${name}.js";

test("${name} has its number", () => {
  assert.equal(value, ${n});
});
`;
}

/** Of every second tree it fails the first run, over all worktrees, while the folder in which it notes them is there. */
export function writeUnsteadyTest(weather: string): string {
  return `import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { test } from "node:test";

test("the weather is fine", () => {
  const folder = ${JSON.stringify(weather)};
  if (!existsSync(folder)) return;
  const tree = execFileSync("git", ["rev-parse", "HEAD^{tree}"], { encoding: "utf8" }).trim();
  if (existsSync(\`\${folder}/\${tree}\`)) return;
  mkdirSync(\`\${folder}/\${tree}\`);
  assert.ok(readdirSync(folder).length % 2 === 1, "it rains");
});
`;
}

export const STEADY_TEST = `import { test } from "node:test";

test("the weather is fine", () => {});
`;
