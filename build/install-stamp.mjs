// Knows whether node_modules is what package-lock.json says. Only Node's own modules: it runs before anything is installed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cacheFolder, projectFolder } from "./project-folder.mjs";

const lockFile = path.join(projectFolder, "package-lock.json");
/** npm writes this one at the end of every installation. */
const installedFile = path.join(projectFolder, "node_modules/.package-lock.json");
const stampFile = path.join(cacheFolder, "installed");
/** npm writes its two lock files one right after the other, in no promised order. */
const SAME_INSTALL_MS = 5_000;

/** True when packages are missing or older than the lock file; an installation made by hand counts. */
export function isInstallStale() {
  if (!existsSync(installedFile)) return true;
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === hashOfLock()) return false;
  if (statSync(installedFile).mtimeMs + SAME_INSTALL_MS < statSync(lockFile).mtimeMs) return true;
  noteInstall();
  return false;
}

export function noteInstall() {
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(stampFile, hashOfLock());
}

function hashOfLock() {
  return createHash("sha256").update(readFileSync(lockFile)).digest("hex");
}
