import { effectiveCap, type Profile } from "../../shared/model/profile.ts";
import type { UsageWindow } from "../../shared/model/usage-window.ts";
import { signIn } from "../features/profiles/profiles-view-store.ts";
import { useMirror } from "../mirror/mirror.ts";
import { useProfileHue } from "../mirror/profile-hue.ts";
import { profileLook } from "../mirror/state-look.ts";
import { useTicking } from "../ui/age.tsx";
import { classNames } from "../ui/class-names.ts";
import { formatAge, formatReset } from "../ui/format-time.ts";
import { Meter, toneOfShare } from "../ui/meter.tsx";
import { NameChip } from "../ui/name-chip.tsx";
import { StateMark } from "../ui/state-mark.tsx";

/** What every subscription has left, always in view. */
export function CapacityStrip() {
  const profiles = useMirror((mirror) => mirror.profiles);
  if (profiles.length === 0) return null;
  const inOrder = [...profiles].sort((a, b) => a.order - b.order);
  return (
    <section
      aria-label="Capacity"
      className="flex max-h-28 shrink-0 flex-wrap items-stretch overflow-y-auto border-line border-b bg-sunken px-1 text-xs"
    >
      <Total profiles={profiles} />
      {inOrder.map((profile) => (
        <ProfileMeters key={profile.name} profile={profile} />
      ))}
    </section>
  );
}

function Total({ profiles }: { readonly profiles: readonly Profile[] }) {
  const usable = profiles.filter(({ state }) => state === "ready" || state === "resting");
  const live = profiles.reduce((sum, profile) => sum + profile.live, 0);
  const cap = usable.reduce((sum, profile) => sum + effectiveCap(profile), 0);
  return (
    <div
      className="flex h-8 items-center gap-2 px-2.5"
      title="Live sessions of the slots of all signed-in profiles"
    >
      <span className="font-semibold">All</span>
      <Meter
        name="All sessions"
        value={live}
        max={cap}
        text={`${live} of ${cap}`}
        tone="busy"
        className="w-16"
      />
      <span className="text-muted tabular-nums">
        <b className="font-semibold text-ink">{live}</b> of {cap}
      </span>
    </div>
  );
}

function ProfileMeters({ profile }: { readonly profile: Profile }) {
  const { name, live, state, windows } = profile;
  const cap = effectiveCap(profile);
  const canWork = state === "ready";
  const hue = useProfileHue(name);
  return (
    <div className="flex h-8 items-center gap-2.5 border-line border-l px-2.5">
      <NameChip name={name} hue={hue} className="max-w-28 font-semibold text-ink" />
      {!canWork && <StateMark look={profileLook[state]} />}
      <span className="flex items-center gap-1.5" title={`${live} live sessions of ${cap}`}>
        <Meter
          name={`${name} sessions`}
          value={live}
          max={cap}
          text={`${live} of ${cap}`}
          tone={live >= cap ? "warn" : "busy"}
          className="w-10"
        />
        <span className="text-muted tabular-nums">
          <b className="font-semibold text-ink">{live}</b>/{cap}
        </span>
      </span>
      {(state === "signed-out" || state === "incident") && (
        <button
          type="button"
          onClick={() => signIn(name)}
          className="rounded font-medium text-accent hover:underline"
        >
          Sign in
        </button>
      )}
      <WindowMeter name={`${name} five-hour window`} short="5h" usage={windows.fiveHour} />
      <WindowMeter name={`${name} weekly window`} short="wk" usage={windows.sevenDay} />
    </div>
  );
}

const SOURCES = { statusline: "the status line", hook: "a limit hook" } as const;

function WindowMeter({
  name,
  short,
  usage,
}: {
  readonly name: string;
  readonly short: string;
  readonly usage: UsageWindow | null;
}) {
  const reset = useTicking((now) => (usage ? formatReset(usage.resetsAt, now) : ""));
  const age = useTicking((now) => (usage ? formatAge(usage.measuredAt, now) : ""));
  const isOver = reset.startsWith("reset,");
  const percent = usage ? Math.round(usage.usedPercent) : null;
  const value = percent === null ? "not known yet" : `${percent} %`;
  const source = usage
    ? `Measured ${age} ago by ${SOURCES[usage.source]}`
    : "Comes with the first answer to a session of this profile";
  return (
    <span
      className="flex items-center gap-1.5"
      title={`${name}: ${value}${reset ? `, ${reset}` : ""}\n${source}`}
    >
      <span className="text-faint">{short}</span>
      <Meter
        name={name}
        value={percent}
        max={100}
        text={usage ? `${value}, ${reset}` : value}
        tone={toneOfShare(percent ?? 0)}
        className="w-10"
      />
      <span className="whitespace-nowrap text-faint tabular-nums">
        {percent === null ? (
          "not known yet"
        ) : (
          <>
            <b className={classNames("font-semibold", isOver ? "text-faint" : "text-ink")}>
              {percent} %
            </b>{" "}
            {isOver ? reset : <ResetText text={reset} />}
          </>
        )}
      </span>
    </span>
  );
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
