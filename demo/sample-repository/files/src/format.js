import { formatClock } from "./clock.js";

/** A departure board for one station: a line for each train that leaves it, the earliest first. */
export function formatBoard(trains, station) {
  return trains
    .flatMap((train) => departuresOf(train, station))
    .sort((one, other) => one.stop.departs - other.stop.departs)
    .map(formatLine)
    .join("\n");
}

function departuresOf(train, station) {
  const at = train.stops.findIndex((stop) => stop.station === station);
  if (at < 0 || at === train.stops.length - 1) return [];
  return [{ train, stop: train.stops[at], last: train.stops.at(-1) }];
}

function formatLine({ train, stop, last }) {
  return `${formatClock(stop.departs)}  ${train.name}  ${last.station}`;
}
