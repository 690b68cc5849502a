import type { UsageWindow } from "../../../shared/model/usage-window.ts";
import { useTicking } from "../../ui/age.tsx";
import { classNames } from "../../ui/class-names.ts";
import { formatAge, formatReset } from "../../ui/format-time.ts";
import { toneOfShare } from "../../ui/meter.tsx";
import { toneFill } from "../../ui/tone.ts";

const SOURCES = { statusline: "status line", hook: "a limit hook" } as const;

/** One usage window in three columns. The meter for screen readers is the one that is always in view at the top. */
export function WindowBar({
  title,
  usage,
}: {
  readonly title: string;
  readonly usage: UsageWindow | null;
}) {
  const reset = useTicking((now) => (usage ? formatReset(usage.resetsAt, now) : ""));
  const age = useTicking((now) => (usage ? formatAge(usage.measuredAt, now) : ""));
  const percent = usage ? Math.round(usage.usedPercent) : 0;
  return (
    <>
      <span className="text-muted">{title}</span>
      <span aria-hidden="true" className="h-2 overflow-hidden rounded-full bg-line">
        <span
          className={classNames("block h-full rounded-full", toneFill[toneOfShare(percent)])}
          style={{ width: `${Math.min(100, percent)}%` }}
        />
      </span>
      {usage ? (
        <span
          className="text-right text-xs tabular-nums"
          title={`Measured ${age} ago by the ${SOURCES[usage.source]}`}
        >
          <span className="font-semibold">{percent} %</span>{" "}
          <span className="text-faint">{reset}</span>
        </span>
      ) : (
        <span className="text-right text-faint text-xs">not known yet</span>
      )}
    </>
  );
}
