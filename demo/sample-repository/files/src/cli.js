#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { formatClock } from "./clock.js";
import { formatBoard } from "./format.js";
import { parseTimetable } from "./parse.js";
import { findTrains } from "./search.js";

/** What the command prints for its arguments: a departure board, or the trains between two stations. */
export function run([file, from, to]) {
  if (!file || !from) throw new Error("usage: timetable FILE STATION [TO]");
  const trains = parseTimetable(readFileSync(file, "utf8"));
  if (!to) return formatBoard(trains, from);
  return findTrains(trains, from, to)
    .map((ride) => `${formatClock(ride.departs)}-${formatClock(ride.arrives)}  ${ride.train}`)
    .join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  console.log(run(process.argv.slice(2)));
}
