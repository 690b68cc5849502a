import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectFolder } from "./project-folder.mjs";

const folders = ["shared", "electron", "renderer"];
const files = ["build/bundle.mjs", "package-lock.json", "package.json", "tsconfig.base.json"];

/** A hash over everything that goes into the bundles: by content, because a checkout changes every file's time. */
export function stampSources() {
  const hash = createHash("sha256");
  for (const file of [...folders.flatMap(listSources), ...files].sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(path.join(projectFolder, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/** @param {string} folder */
function listSources(folder) {
  return readdirSync(path.join(projectFolder, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/[.]test[.]tsx?$/.test(entry.name))
    .map((entry) => path.relative(projectFolder, path.join(entry.parentPath, entry.name)));
}
