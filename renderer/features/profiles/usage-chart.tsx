import type { ProfileUsage } from "../../../shared/model/usage-report.ts";
import type { WindowName } from "../../../shared/model/usage-window.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { HUES } from "../../mirror/profile-hue.ts";
import { classNames } from "../../ui/class-names.ts";
import { hueOf, NameChip } from "../../ui/name-chip.tsx";
import { type Point, planLines, planPeaks } from "./plan-chart.ts";

const HEIGHT = 100;
const WIDTH = 600;
const GRID = [0, 25, 50, 75, 100];

/** How much of a window each profile had used over a span of time: a picture, and the same as a table for who cannot see it. */
export function UsageChart({
  title,
  window,
  profiles,
  toMs,
  spanMs,
  parts,
  ticks,
  labelOf,
}: {
  readonly title: string;
  readonly window: WindowName;
  readonly profiles: readonly ProfileUsage[];
  readonly toMs: number;
  readonly spanMs: number;
  /** Into how many rows the table divides the span, and by how many steps the axis. */
  readonly parts: number;
  readonly ticks: number;
  /** The moment in words, as the axis shows it. */
  readonly labelOf: (ms: number) => string;
}) {
  const colours = useColours(profiles);
  const fromMs = toMs - spanMs;
  const drawn = profiles.map((profile, index) => ({
    name: profile.name,
    hue: colours[index] ?? 0,
    lines: planLines(profile.history[window], fromMs, toMs),
  }));
  const isEmpty = drawn.every(({ lines }) => lines.length === 0);
  const stepMs = spanMs / parts;
  return (
    <figure className="min-w-0 rounded-lg border border-line bg-surface p-4">
      <figcaption className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-1">
        <span className="font-semibold">{title}</span>
        {drawn.map(({ name, hue }) => (
          <NameChip key={name} name={name} hue={hue} />
        ))}
      </figcaption>
      <div aria-hidden="true" className="grid grid-cols-[2rem_minmax(0,1fr)] gap-x-2">
        <div className="relative h-40 text-2xs text-faint tabular-nums">
          {GRID.map((percent) => (
            <span
              key={percent}
              className="absolute right-0 -translate-y-1/2"
              style={{ top: `${100 - percent}%` }}
            >
              {percent}
            </span>
          ))}
        </div>
        <div className="relative h-40">
          <svg
            viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
            preserveAspectRatio="none"
            className="size-full overflow-visible"
            role="presentation"
          >
            {GRID.map((percent) => (
              <line
                key={percent}
                x1={0}
                x2={WIDTH}
                y1={HEIGHT - percent}
                y2={HEIGHT - percent}
                vectorEffect="non-scaling-stroke"
                className="stroke-line"
              />
            ))}
            {drawn.map(({ name, hue, lines }) =>
              lines.map((line) => (
                <path
                  key={`${name} ${line[0]?.x ?? 0}`}
                  d={pathOf(line)}
                  fill="none"
                  stroke={`oklch(0.66 0.16 ${hue})`}
                  strokeWidth={2}
                  strokeLinejoin="round"
                  strokeLinecap="round"
                  vectorEffect="non-scaling-stroke"
                />
              )),
            )}
          </svg>
          {isEmpty && (
            <p className="absolute inset-0 flex items-center justify-center text-muted">
              Nothing was measured in this time.
            </p>
          )}
        </div>
        <div className="relative col-start-2 mt-1.5 h-4 text-2xs text-faint tabular-nums">
          {/* Every second one has room for its words in a narrow chart. */}
          {Array.from({ length: (ticks + 1) >> 1 }, (_, each) => 2 * each + 1).map((index) => {
            const atMs = fromMs + (spanMs * index) / ticks;
            return (
              <span
                key={atMs}
                className={classNames(
                  "absolute whitespace-nowrap",
                  index === ticks ? "-translate-x-full" : "-translate-x-1/2",
                )}
                style={{ left: `${(index * 100) / ticks}%` }}
              >
                {labelOf(atMs)}
              </span>
            );
          })}
        </div>
      </div>
      <table className="sr-only">
        <caption>{title}: the highest percentage of each time</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            {profiles.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: parts }, (_, part) => fromMs + part * stepMs).map((atMs, part) => (
            <tr key={atMs}>
              <th scope="row">{labelOf(atMs)}</th>
              {profiles.map(({ name, history }) => {
                const peak = planPeaks(history[window], fromMs, toMs, parts)[part] ?? null;
                return <td key={name}>{peak === null ? "not measured" : `${peak} %`}</td>;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

/** A line needs two ends: what was measured once is a dot. */
function pathOf(line: readonly Point[]): string {
  const points = line.map(
    ({ x, y }) => `${(x * WIDTH).toFixed(1)} ${((1 - y) * HEIGHT).toFixed(1)}`,
  );
  return points.length === 1 ? `M${points[0]} h0.01` : `M${points.join(" L")}`;
}

function useColours(profiles: readonly ProfileUsage[]): readonly number[] {
  const chosen = useMirror((mirror) => mirror.profiles);
  return profiles.map(({ name }) => {
    const colour = chosen.find((each) => each.name === name)?.colour ?? null;
    return colour === null ? hueOf(name) : HUES[colour];
  });
}
