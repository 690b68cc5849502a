export { formatClock, parseClock } from "./clock.js";
export { findConnections } from "./connections.js";
export { formatCsv } from "./csv.js";
export { fareOf } from "./fares.js";
export { formatBoard } from "./format.js";
export { parseTimetable } from "./parse.js";
export { findTrains, findTrainsArrivingBy } from "./search.js";
export { listStations } from "./stations.js";
