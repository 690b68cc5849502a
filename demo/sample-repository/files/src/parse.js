import { parseClock } from "./clock.js";

/** The trains of a timetable, each `{ name, stops: [{ station, arrives, departs }] }`, times in minutes since midnight. */
export function parseTimetable(text) {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(parseTrain);
}

function parseTrain(line) {
  const [name, ...stops] = line.split("|").map((part) => part.trim());
  if (stops.length < 2) throw new Error(`a train has at least two stops: ${line}`);
  return { name, stops: stops.map(parseStop) };
}

function parseStop(text) {
  const space = text.lastIndexOf(" ");
  const [arrives, departs = arrives] = text
    .slice(space + 1)
    .split("/")
    .map(parseClock);
  return { station: text.slice(0, space), arrives, departs };
}
