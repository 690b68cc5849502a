import path from "node:path";
import { fileURLToPath } from "node:url";

/** The checkout these scripts stand in. They work from any current folder. */
export const projectFolder = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/** What scripts keep between runs; gone with node_modules, which is when it would be stale. */
export const cacheFolder = path.join(projectFolder, "node_modules/.cache/switchyard");
