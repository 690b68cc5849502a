// `node build/complete-lock-file.mjs`, after `npm install` on a registry that does not carry every platform's packages.
// npm drops an optional package that it cannot find from the lock file, and `npm ci` then refuses the whole file everywhere.
// What is added here names version and platform; the package itself is fetched only on that platform.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectFolder } from "./project-folder.mjs";

/**
 * @typedef {{ version?: string, optionalDependencies?: Record<string, string>, [field: string]: unknown }} LockEntry
 * @typedef {{ packages: Record<string, LockEntry> }} LockFile
 */

const lockFile = path.join(projectFolder, "package-lock.json");
/** @type {LockFile} */
const lock = JSON.parse(readFileSync(lockFile, "utf8"));
const missing = listMissing(lock);
for (const { name, version } of missing) {
  lock.packages[`node_modules/${name}`] = {
    version,
    ...readPlatform(name),
    dev: true,
    optional: true,
  };
}
const sorted = Object.entries(lock.packages).sort(([left], [right]) => (left < right ? -1 : 1));
lock.packages = Object.fromEntries(sorted);
if (missing.length > 0) writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`Added ${missing.length} packages of other platforms.\n`);

/** @param {LockFile} file */
function listMissing({ packages }) {
  return Object.entries(packages).flatMap(([place, entry]) =>
    Object.entries(entry.optionalDependencies ?? {})
      .filter(
        ([name]) => !packages[`node_modules/${name}`] && !packages[`${place}/node_modules/${name}`],
      )
      .map(([name, version]) => ({ name, version })),
  );
}

/**
 * Platform packages say theirs in their names: `…-linux-x64-musl`, `…-darwin-arm64`, `…-wasm32-wasi`.
 *
 * @param {string} name
 */
function readPlatform(name) {
  if (name.endsWith("-wasm32-wasi")) return { cpu: ["wasm32"] };
  const systems = "android|darwin|freebsd|linux|openharmony|win32";
  const [, os, cpu, abi = ""] =
    new RegExp(`-(${systems})-([a-z0-9]+)(?:-(\\w+))?$`).exec(name) ?? [];
  if (!os || !cpu) throw new Error(`${name} does not say which platform it is for`);
  const libc = abi.startsWith("musl") ? ["musl"] : ["glibc"];
  return { cpu: [cpu], os: [os], ...(os === "linux" ? { libc } : {}) };
}
