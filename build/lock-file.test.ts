import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface LockEntry {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly resolved?: string;
}

const text = readFileSync(new URL("../package-lock.json", import.meta.url), "utf8");
// npm's own format, version 3.
const { packages } = JSON.parse(text) as { packages: Record<string, LockEntry> };

test("the lock file has the packages of every platform, or `npm ci` refuses it", () => {
  const missing = Object.entries(packages).flatMap(([place, entry]) =>
    Object.keys(entry.optionalDependencies ?? {}).filter(
      (name) => !packages[`node_modules/${name}`] && !packages[`${place}/node_modules/${name}`],
    ),
  );
  expect(missing, "run: node build/complete-lock-file.mjs").toEqual([]);
});

test("the lock file names no registry", () => {
  expect(Object.values(packages).filter((entry) => entry.resolved?.startsWith("http"))).toEqual([]);
});
