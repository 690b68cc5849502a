import type { Instant } from "./ids.ts";

/** Making one takes longer than all else here, and a zone is asked for again and again. */
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * For a person, whatever the language of their machine: `Mon 23 Nov, 18:00 (Europe/Berlin)`; where `now` is said and in another year
 * `Mon 23 Nov 2027, …`.
 */
export function describeMoment(instant: Instant, zone = ownZone(), now?: Date): string {
  const moment = new Date(instant);
  const year = yearOf(moment, zone);
  const isOther = now !== undefined && year !== yearOf(now, zone);
  const day = `${describeDay(moment, zone)}${isOther ? ` ${year}` : ""}`;
  return `${day}, ${clockOf(moment, zone)} (${zone})`;
}

/** The machine's own. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** `Mon 23 Nov`. */
export function describeDay(moment: Date, zone: string): string {
  const of = readMoment(moment, zone);
  return `${of("weekday")} ${of("day")} ${of("month")}`;
}

/** `18:05`. */
export function clockOf(moment: Date, zone: string): string {
  const of = readMoment(moment, zone);
  return `${of("hour")}:${of("minute")}`;
}

function yearOf(moment: Date, zone: string): string {
  return readMoment(moment, zone)("year");
}

function readMoment(moment: Date, zone: string) {
  const parts = formatOf(zone).formatToParts(moment);
  return (type: Intl.DateTimeFormatPartTypes) =>
    parts.find((part) => part.type === type)?.value ?? "";
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  formats.set(zone, format);
  return format;
}
