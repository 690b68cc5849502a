import { findTrains } from "./search.js";
import { listStations } from "./stations.js";

const CHANGE_MINUTES = 5;

/** Rides from one station to another, alone or in pairs with a change between, the earliest arrival first. */
export function findConnections(trains, from, to, after = 0) {
  const direct = findTrains(trains, from, to, after).map((ride) => [ride]);
  const places = listStations(trains).filter((station) => station !== from && station !== to);
  return [...direct, ...places.flatMap((place) => changingAt(trains, from, place, to, after))].sort(
    (one, other) => one.at(-1).arrives - other.at(-1).arrives,
  );
}

function changingAt(trains, from, place, to, after) {
  return findTrains(trains, from, place, after).flatMap((first) => {
    const [second] = findTrains(trains, place, to, first.arrives + CHANGE_MINUTES);
    return second ? [[first, second]] : [];
  });
}
