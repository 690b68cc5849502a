#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { formatClock } from "./clock.js";
import { findConnections } from "./connections.js";
import { formatCsv } from "./csv.js";
import { formatBoard } from "./format.js";
import { parseTimetable } from "./parse.js";
import { findTrains } from "./search.js";

/** What the command prints for its arguments: a departure board, or the ways between two stations. */
export function run([file, from, to, option]) {
  if (!file || !from) throw new Error("usage: timetable FILE STATION [TO]");
  const trains = parseTimetable(readFileSync(file, "utf8"));
  if (!to) return formatBoard(trains, from);
  const direct = findTrains(trains, from, to);
  if (option === "--csv") return formatCsv(direct);
  const connections =
    direct.length > 0 ? direct.map((ride) => [ride]) : findConnections(trains, from, to);
  return connections.map(formatConnection).join("\n");
}

function formatConnection(rides) {
  const names = rides.map((ride) => ride.train).join(" + ");
  return `${formatClock(rides[0].departs)}-${formatClock(rides.at(-1).arrives)}  ${names}`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  console.log(run(process.argv.slice(2)));
}
