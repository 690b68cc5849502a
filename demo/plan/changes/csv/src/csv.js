import { formatClock } from "./clock.js";

/** Rides as comma-separated values, with a line of headings. */
export function formatCsv(rides) {
  const lines = rides.map(({ train, from, to, departs, arrives }) => [
    train,
    from,
    to,
    formatClock(departs),
    formatClock(arrives),
  ]);
  return [["train", "from", "to", "departs", "arrives"], ...lines].map(formatRow).join("\n");
}

function formatRow(values) {
  return values.map(quote).join(",");
}

function quote(value) {
  return /[",]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}
