/** The ride of `train` from one station to another, or null when it does not go that way. */
export function rideOf(train, from, to) {
  const start = train.stops.findIndex((stop) => stop.station === from);
  const end = train.stops.findIndex((stop, index) => index > start && stop.station === to);
  if (start < 0 || end < 0) return null;
  const { departs } = train.stops[start];
  return { train: train.name, from, to, departs, arrives: train.stops[end].arrives };
}

/** Direct rides that arrive at `by` or earlier, the latest departure first. */
export function findTrainsArrivingBy(trains, from, to, by) {
  return findTrains(trains, from, to)
    .filter((ride) => ride.arrives <= by)
    .reverse();
}

/** Direct rides that depart at `after` or later, the earliest first. */
export function findTrains(trains, from, to, after = 0) {
  return trains
    .map((train) => rideOf(train, from, to))
    .filter((ride) => ride !== null && ride.departs >= after)
    .sort((one, other) => one.departs - other.departs);
}
