import type { UsageWindow, WindowName } from "../../../shared/model/usage-window.ts";
import type { WindowWords } from "../../../shared/model/word-window.ts";
import { classNames } from "../../ui/class-names.ts";
import { Meter, toneOfShare } from "../../ui/meter.tsx";
import { useWindowWords } from "./window-words.ts";

interface Props {
  /** The profile's name. */
  readonly of: string;
  readonly window: WindowName;
  readonly usage: UsageWindow | null;
}

const NAMES: Readonly<Record<WindowName, string>> = {
  fiveHour: "five-hour window",
  sevenDay: "weekly window",
};
const SHORT: Readonly<Record<WindowName, string>> = { fiveHour: "5h", sevenDay: "wk" };

/** One usage window on one line. */
export function WindowMeter({ of, window, usage }: Props) {
  const words = useWindowWords(usage, window);
  const name = `${of} ${NAMES[window]}`;
  // Then only its reset is of interest.
  const isSpent = (words.percent ?? 0) >= 100;
  return (
    <span className="flex items-center gap-1.5" title={tell(name, words)}>
      <span className="text-faint">{SHORT[window]}</span>
      <WindowBar name={name} words={words} className="w-10" />
      <span className="whitespace-nowrap text-faint tabular-nums">
        <Value words={words} />
        {words.reset && " "}
        {words.end && !isSpent ? (
          <span className="font-medium text-warn">{words.end}</span>
        ) : (
          words.reset && <ResetText text={words.reset} />
        )}
      </span>
    </span>
  );
}

/** One usage window with all that is known of it, on two lines. */
export function WindowDetail({ of, window, usage }: Props) {
  const words = useWindowWords(usage, window);
  const name = `${of} ${NAMES[window]}`;
  return (
    <div className="min-w-0" title={words.source}>
      <div className="flex items-center gap-2">
        <WindowBar name={name} words={words} className="w-24 shrink-0" />
        <Value words={words} />
        <span className="truncate text-muted">{words.reset}</span>
        {words.end && <span className="whitespace-nowrap font-medium text-warn">{words.end}</span>}
      </div>
      <p className="truncate text-2xs text-faint">
        {[words.rate, words.source].filter(Boolean).join(" · ")}
      </p>
    </div>
  );
}

function WindowBar({
  name,
  words,
  className,
}: {
  readonly name: string;
  readonly words: WindowWords;
  readonly className: string;
}) {
  return (
    <Meter
      name={name}
      value={words.percent}
      max={100}
      text={[words.value, words.reset, words.end].filter(Boolean).join(", ")}
      tone={toneOfShare(words.percent ?? 0)}
      className={className}
    />
  );
}

function Value({ words }: { readonly words: WindowWords }) {
  return (
    <span
      className={classNames(
        "whitespace-nowrap tabular-nums",
        words.percent === null ? "text-faint" : "font-semibold text-ink",
      )}
    >
      {words.value}
    </span>
  );
}

function tell(name: string, words: WindowWords): string {
  const first = [words.value, words.reset, words.end].filter(Boolean).join(", ");
  return [`${name}: ${first}`, words.rate, words.source].filter(Boolean).join("\n");
}

/** Short where many profiles share the width; the tooltip and the meter say it whole. */
function ResetText({ text }: { readonly text: string }) {
  const left = text.replace("resets in ", "");
  return (
    <>
      <span className="max-[1900px]:hidden">resets in </span>
      <span className="min-[1901px]:hidden" aria-hidden="true">
        ↻{" "}
      </span>
      {left}
    </>
  );
}
