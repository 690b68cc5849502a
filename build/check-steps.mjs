import { existsSync } from "node:fs";
import path from "node:path";
import { projectFolder } from "./project-folder.mjs";

const rooms = ["shared", "electron", "renderer", "demo", "e2e", "build", "bench"];

/**
 * What can be said about the source without starting the app.
 *
 * @param {string} countsFile where the unit tests' counts go
 * @returns {readonly import("./run-steps.mjs").Step[]}
 */
export function listCheckSteps(countsFile) {
  const present = rooms.filter((room) => existsSync(path.join(projectFolder, room)));
  return [
    { name: "format and lint", command: ["biome", "ci", "--error-on-warnings"] },
    { name: "types", command: ["tsc", "-b"] },
    {
      name: "import rules",
      command: ["depcruise", "--config", "build/import-rules.cjs", ...present],
    },
    { name: "dead code", command: ["knip"] },
    {
      name: "unit tests",
      command: [
        "vitest",
        "run",
        "--retry=1",
        "--reporter=default",
        "--reporter=./build/unit-counts.mjs",
      ],
      env: { SWITCHYARD_COUNTS: countsFile },
    },
  ];
}
