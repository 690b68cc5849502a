import { useEffect, useState } from "react";
import { describeAllowed, type HoursStretch, type HoursWeek } from "../../../shared/model/hours.ts";
import type { ProjectName } from "../../../shared/model/ids.ts";
import { call } from "../../client/connection.ts";
import { classNames } from "../../ui/class-names.ts";
import { toastError } from "../../ui/toasts.tsx";

const CLOCKS = ["00", "06", "12", "18", "24"] as const;

/** How many workers may run when, in the week that begins today. */
export function HoursWeekStrip({ project }: { readonly project: ProjectName }) {
  const [week, setWeek] = useState<HoursWeek | null>(null);
  useEffect(() => {
    call("project.hours", { project }).then(setWeek, toastError);
  }, [project]);
  if (!week) return <p className="text-muted">Looking…</p>;
  if (!week.hasHours) return <NoHours />;
  const { now, zone, days } = week;
  return (
    <div className="flex flex-col gap-4">
      <p>
        Now <span className="font-semibold">{describeAllowed(now)}</span>
        {now.until === null ? `, always (${zone}).` : ` until ${now.until}.`}
      </p>
      <div className="grid grid-cols-[6rem_1fr] items-center gap-x-3 gap-y-1.5">
        <span />
        <span aria-hidden="true" className="flex justify-between text-faint text-xs tabular-nums">
          {CLOCKS.map((hour) => (
            <span key={hour}>{hour}</span>
          ))}
        </span>
        <ul aria-label="Working hours of the week" className="contents">
          {days.map(({ day, stretches }) => (
            <li key={day} className="contents">
              <span className="text-muted text-xs tabular-nums">{day}</span>
              <span className="flex h-6 overflow-hidden rounded">
                {stretches.map((stretch) => (
                  <Stretch key={stretch.from} stretch={stretch} />
                ))}
              </span>
            </li>
          ))}
        </ul>
      </div>
      <p className="text-faint text-xs">
        Said in a config.yaml under dispatch: hours. Nobody is stopped in a turn; what is parked
        goes on by itself when there is a place for it.
      </p>
    </div>
  );
}

function Stretch({ stretch }: { readonly stretch: HoursStretch }) {
  const { from, to, workers, essential } = stretch;
  const text = `${from} to ${to}: ${describeAllowed(stretch)}`;
  return (
    <span
      title={text}
      style={{ flexGrow: minutesOf(to) - minutesOf(from), flexBasis: 0 }}
      className={classNames(
        "min-w-0 overflow-hidden border-surface border-r-2 text-center text-ink text-xs leading-6 last:border-r-0",
        workers === 0 ? "bg-sunken" : workers === null ? "bg-accent/30" : "bg-accent/15",
      )}
    >
      <span aria-hidden="true" className="whitespace-nowrap">
        {workers === null ? "all" : [workers, ...essential].join(" + ")}
      </span>
      <span className="sr-only">{text}.</span>
    </span>
  );
}

function NoHours() {
  return (
    <div className="flex flex-col gap-3 text-muted">
      <p>Workers of this project run at any time. Say in a config.yaml when how many may:</p>
      <pre className="overflow-x-auto rounded bg-sunken p-3 font-mono text-ink text-xs">
        {`dispatch:
  time-zone: Europe/Berlin
  hours:
    - { at: "0 18 * * mon-fri", workers: all }
    - { at: "0 8 * * mon-fri", workers: 1 }`}
      </pre>
    </div>
  );
}

function minutesOf(clock: string): number {
  const [hour = 0, minute = 0] = clock.split(":").map(Number);
  return hour * 60 + minute;
}
