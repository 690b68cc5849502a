import { readFileSync } from "node:fs";
import { parseTimetable } from "../src/parse.js";

export const coastFile = new URL("../lines/coast.txt", import.meta.url);
export const coast = parseTimetable(readFileSync(coastFile, "utf8"));
