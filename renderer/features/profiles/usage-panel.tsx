import { useEffect, useRef, useState } from "react";
import type { Advice, ProfileUsage, UsageReport } from "../../../shared/model/usage-report.ts";
import { call } from "../../client/connection.ts";
import { SegmentedChoice } from "../../ui/segmented-choice.tsx";
import { toastError } from "../../ui/toasts.tsx";
import { useProfilesView, wantUsage } from "./profiles-view-store.ts";
import { UsageChart } from "./usage-chart.tsx";

/** A chart of a day hardly changes in less. */
const AGAIN_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const SHOWN = 4;

type Span = "day" | "week";
const CHOICES = [
  ["day", "Last day"],
  ["week", "Last week"],
] as const;

/** What was used, by whom, and what that says about the plans. */
export function UsagePanel() {
  const [span, setSpan] = useState<Span>("day");
  const report = useReport(span === "day" ? 24 : 7 * 24);
  const part = useRef<HTMLElement>(null);
  const isWanted = useProfilesView((view) => view.isUsageWanted);
  const isThere = report !== null;
  useEffect(() => {
    if (!isWanted || !isThere) return;
    part.current?.scrollIntoView();
    part.current?.focus({ preventScroll: true });
    wantUsage(false);
  }, [isWanted, isThere]);
  if (!report) return null;
  const toMs = Date.parse(report.at);
  const shared = { profiles: report.profiles, toMs };
  const chart =
    span === "day"
      ? { spanMs: DAY_MS, parts: 24, ticks: 6, labelOf: hourOf }
      : { spanMs: 7 * DAY_MS, parts: 7, ticks: 7, labelOf: dayOf };
  return (
    <section ref={part} tabIndex={-1} aria-label="Usage" className="mt-5 outline-none">
      <div className="mb-2 flex items-center justify-between gap-3 px-1">
        <h2 className="font-semibold text-base">Usage</h2>
        <SegmentedChoice label="Span" choices={CHOICES} value={span} onChoose={setSpan} />
      </div>
      <div className="grid grid-cols-[repeat(auto-fit,minmax(27rem,1fr))] gap-2">
        <UsageChart
          title="Five-hour windows, percent used"
          window="fiveHour"
          {...shared}
          {...chart}
        />
        <UsageChart title="Weekly windows, percent used" window="sevenDay" {...shared} {...chart} />
        <Burners profiles={report.profiles} />
        <AdviceBox advice={report.advice} />
      </div>
    </section>
  );
}

function Burners({ profiles }: { readonly profiles: readonly ProfileUsage[] }) {
  const busy = profiles.filter(({ burners }) => burners.length > 0);
  return (
    <section
      aria-label="Who used it"
      className="min-w-0 rounded-lg border border-line bg-surface p-4"
    >
      <h3 className="mb-2 font-semibold">Who used it in the last five hours</h3>
      {busy.length === 0 && <p className="text-muted">No session used anything.</p>}
      <div className="flex flex-col gap-3">
        {busy.map(({ name, burners }) => (
          <div key={name}>
            <p className="mb-1 text-muted text-xs">{name}</p>
            <ul className="flex flex-col gap-1">
              {burners.slice(0, SHOWN).map(({ session, task, title, share }) => (
                <li
                  key={session}
                  className="grid grid-cols-[3.5rem_minmax(0,1fr)_6rem_3rem] items-center gap-2"
                >
                  <span className="text-faint text-xs">{task ?? session}</span>
                  <span className="truncate">{title}</span>
                  <span aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-line">
                    <span
                      className="block h-full rounded-full bg-busy"
                      style={{ width: `${share * 100}%` }}
                    />
                  </span>
                  <span className="text-right text-xs tabular-nums">
                    {Math.round(share * 100)} %
                  </span>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
    </section>
  );
}

function AdviceBox({ advice }: { readonly advice: Advice }) {
  return (
    <section aria-label="Advice" className="min-w-0 rounded-lg border border-line bg-surface p-4">
      <h3 className="mb-2 font-semibold">Which plans this takes</h3>
      <p>{advice.text}</p>
      {advice.kind === "measured" && (
        <div className="mt-2 flex flex-col gap-1 text-muted text-xs">
          <p>
            Measured over {advice.days.toFixed(1)} days: at most {advice.peakFiveHours.toFixed(1)}{" "}
            Pro windows in five hours, {advice.peakWeek.toFixed(1)} in a week, {advice.peakSessions}{" "}
            sessions at once. At the prices of the API the same work costs $
            {advice.apiUsd.toFixed(2)}.
          </p>
          {advice.assumptions.map((text) => (
            <p key={text}>{text}</p>
          ))}
          <p className="text-faint">
            Prices of {advice.prices.date}: {advice.prices.source}. Others go into config.yaml under
            prices.
          </p>
        </div>
      )}
    </section>
  );
}

/** The report as of now, and again each minute. */
function useReport(hours: number): UsageReport | null {
  const [report, setReport] = useState<UsageReport | null>(null);
  useEffect(() => {
    let isStale = false;
    const ask = (complain: boolean) =>
      call("usage.read", { hours }).then(
        (news) => {
          if (!isStale) setReport(news);
        },
        // Once is enough: without a connection each minute would fail alike.
        (error) => complain && toastError(error),
      );
    void ask(true);
    const timer = setInterval(() => void ask(false), AGAIN_MS);
    return () => {
      isStale = true;
      clearInterval(timer);
    };
  }, [hours]);
  return report;
}

function hourOf(ms: number): string {
  return new Date(ms).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}

function dayOf(ms: number): string {
  return new Date(ms).toLocaleDateString(undefined, { weekday: "short", day: "numeric" });
}
