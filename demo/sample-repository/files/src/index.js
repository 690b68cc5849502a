export { formatClock, parseClock } from "./clock.js";
export { formatBoard } from "./format.js";
export { parseTimetable } from "./parse.js";
export { findTrains } from "./search.js";
