// Where Electron's executable is, or why there is none. The `electron` package has no install script: the binary is fetched
// on first use, from the vendor's release page, which is not reachable everywhere.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** One attempt at about 110 MB; whoever has a slower line sees the web shell first and can run `npx install-electron`. */
const DOWNLOAD_LIMIT_MS = 180_000;

/** @typedef {{ kind: "found", file: string } | { kind: "missing", why: string }} ElectronBinary */

/**
 * @param {{ mayDownload?: boolean }} [options]
 * @returns {ElectronBinary}
 */
export function findElectron({ mayDownload = false } = {}) {
  const packageFolder = findPackageFolder();
  const version = readElectronVersion();
  const present = locate(packageFolder);
  if (present) return { kind: "found", file: present };
  if (!mayDownload || process.env.SWITCHYARD_NO_ELECTRON_DOWNLOAD) {
    return {
      kind: "missing",
      why: `Electron ${version} is not downloaded yet (npx install-electron).`,
    };
  }

  process.stderr.write(`Downloading Electron ${version} (once)…\n`);
  const download = spawnSync(process.execPath, [path.join(packageFolder, "install.js")], {
    encoding: "utf8",
    stdio: ["ignore", "inherit", "pipe"],
    timeout: DOWNLOAD_LIMIT_MS,
  });
  const downloaded = locate(packageFolder);
  if (download.status === 0 && downloaded) return { kind: "found", file: downloaded };
  const lines = `${download.stderr ?? ""}\n${download.error?.message ?? ""}`.split("\n");
  const why = lines.find((line) => line.trim() !== "")?.trim() ?? "it gave no reason";
  return { kind: "missing", why: `Electron ${version} could not be downloaded: ${why}` };
}

/** @returns {string} */
export function readElectronVersion() {
  return JSON.parse(readFileSync(path.join(findPackageFolder(), "package.json"), "utf8")).version;
}

function findPackageFolder() {
  return path.dirname(createRequire(import.meta.url).resolve("electron/package.json"));
}

/**
 * Electron's own variable for a build that stands elsewhere comes first, as it does in the electron package.
 *
 * @param {string} packageFolder
 */
function locate(packageFolder) {
  const elsewhere = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const pathFile = path.join(packageFolder, "path.txt");
  const file = elsewhere
    ? path.join(elsewhere, process.platform === "win32" ? "electron.exe" : "electron")
    : existsSync(pathFile) && path.join(packageFolder, "dist", readFileSync(pathFile, "utf8"));
  return file && existsSync(file) ? file : undefined;
}
