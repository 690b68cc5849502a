import { describeAllowed, type HoursWeek } from "../../shared/model/hours.ts";
import { writePlainly, writeTable } from "./write-table.ts";

/** What holds now and until when, then each day. */
export function describeHours({ hasHours, now, days, zone }: HoursWeek): string {
  if (!hasHours)
    return "It has no working hours: its workers run at any time. Say them in a config.yaml: dispatch: { hours: [...] }";
  const until = now.until === null ? `, always (${zone})` : ` until ${now.until}`;
  const rows = days.map(({ day, stretches }) => [
    day,
    writePlainly(
      stretches.map((each) => `${each.from}-${each.to} ${describeAllowed(each)}`).join("; "),
    ),
  ]);
  const head = writePlainly(`Now: ${describeAllowed(now)}${until}.`);
  return `${head}\n\n${writeTable(["day", "workers"], rows, "")}`;
}
