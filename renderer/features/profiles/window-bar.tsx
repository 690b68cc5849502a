import type { UsageWindow, WindowName } from "../../../shared/model/usage-window.ts";
import { classNames } from "../../ui/class-names.ts";
import { toneOfShare } from "../../ui/meter.tsx";
import { toneFill } from "../../ui/tone.ts";
import { useWindowWords } from "./window-words.ts";

/** One usage window in three columns. The meter for screen readers is the one that is always in view at the top. */
export function WindowBar({
  title,
  window,
  usage,
}: {
  readonly title: string;
  readonly window: WindowName;
  readonly usage: UsageWindow | null;
}) {
  const { percent, value, reset, rate, end, source } = useWindowWords(usage, window);
  return (
    <>
      <span className="text-muted">{title}</span>
      <span aria-hidden="true" className="h-2 overflow-hidden rounded-full bg-line">
        <span
          className={classNames("block h-full rounded-full", toneFill[toneOfShare(percent ?? 0)])}
          style={{ width: `${Math.min(100, percent ?? 0)}%` }}
        />
      </span>
      <span className="text-right text-xs tabular-nums">
        <span className={percent === null ? "text-faint" : "font-semibold"}>{value}</span>{" "}
        <span className="text-faint">{reset}</span>
      </span>
      <span className="col-span-2 col-start-2 -mt-1.5 text-2xs text-faint">
        {end && <span className="font-medium text-warn">{end} · </span>}
        {[rate, source].filter(Boolean).join(" · ")}
      </span>
    </>
  );
}
