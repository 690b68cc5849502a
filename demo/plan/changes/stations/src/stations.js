/** Every station that some train calls at, in alphabetical order. */
export function listStations(trains) {
  const names = trains.flatMap((train) => train.stops.map((stop) => stop.station));
  return [...new Set(names)].sort();
}
