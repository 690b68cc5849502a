import { ChevronDown, ChevronUp } from "lucide-react";
import { formatDuration } from "../../shared/model/format-time.ts";
import { effectiveCap, hasLearnedLess, type Profile } from "../../shared/model/profile.ts";
import { totalSlots, totalWindow } from "../../shared/model/total-capacity.ts";
import { unreachable } from "../../shared/model/unreachable.ts";
import type { WindowName } from "../../shared/model/usage-window.ts";
import { wordSlots, wordTotalWindow } from "../../shared/model/word-capacity.ts";
import { expandCapacity, useCapacity } from "../features/profiles/capacity-store.ts";
import { signIn, wantProfile } from "../features/profiles/profiles-view-store.ts";
import { WindowDetail, WindowMeter } from "../features/profiles/window-meter.tsx";
import { useMirror } from "../mirror/mirror.ts";
import { useProfileHue } from "../mirror/profile-hue.ts";
import { profileLook } from "../mirror/state-look.ts";
import { useTicking } from "../ui/age.tsx";
import { IconButton } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { Meter, toneOfShare } from "../ui/meter.tsx";
import { NameChip } from "../ui/name-chip.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { showView } from "./view-store.ts";

/** What every subscription has left, always in view. */
export function CapacityStrip() {
  const profiles = useMirror((mirror) => mirror.profiles);
  const isExpanded = useCapacity((state) => state.isExpanded);
  if (profiles.length === 0) return null;
  const inOrder = [...profiles].sort((a, b) => a.order - b.order);
  return (
    <section
      aria-label="Capacity"
      className={classNames(
        "relative shrink-0 overflow-y-auto overflow-x-hidden border-line border-b bg-sunken pr-9 text-xs",
        isExpanded ? "max-h-[40vh]" : "flex max-h-32 flex-wrap items-stretch",
      )}
    >
      {isExpanded ? (
        <div className="grid grid-cols-[auto_auto_minmax(0,1fr)_minmax(0,1fr)] items-center gap-x-4 gap-y-1 px-2.5 py-1.5">
          <TotalRow profiles={profiles} />
          {inOrder.map((profile) => (
            <ProfileRow key={profile.name} profile={profile} />
          ))}
        </div>
      ) : (
        <>
          <div className="flex h-8 items-center gap-2 px-3">
            <span className="font-semibold">All</span>
            <TotalSlots profiles={profiles} />
          </div>
          {inOrder.map((profile) => (
            <ProfileMeters key={profile.name} profile={profile} />
          ))}
        </>
      )}
      <span className="absolute top-0.5 right-1">
        <IconButton
          label={isExpanded ? "Show less of the capacity" : "Show more of the capacity"}
          onClick={() => expandCapacity(!isExpanded)}
        >
          {isExpanded ? <ChevronUp size={14} /> : <ChevronDown size={14} />}
        </IconButton>
      </span>
    </section>
  );
}

function TotalSlots({ profiles }: { readonly profiles: readonly Profile[] }) {
  const { live, cap } = totalSlots(profiles);
  return (
    <span
      className="flex items-center gap-2"
      title="Live sessions, of the slots of all profiles that may get work"
    >
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
    </span>
  );
}

function TotalRow({ profiles }: { readonly profiles: readonly Profile[] }) {
  return (
    <>
      <span className="font-semibold">All</span>
      <TotalSlots profiles={profiles} />
      <TotalWindow profiles={profiles} window="fiveHour" title="Five hours" />
      <TotalWindow profiles={profiles} window="sevenDay" title="Week" />
    </>
  );
}

function TotalWindow({
  profiles,
  window,
  title,
}: {
  readonly profiles: readonly Profile[];
  readonly window: WindowName;
  readonly title: string;
}) {
  const told = useTicking((now) => {
    const total = totalWindow(profiles, window, now);
    return `${total.percent ?? ""}\n${wordTotalWindow(total, profiles.length)}`;
  });
  const [text = "", words = ""] = told.split("\n");
  const percent = text === "" ? null : Number(text);
  return (
    <span className="flex min-w-0 items-center gap-2">
      <Meter
        name={`All ${title.toLowerCase()}`}
        value={percent}
        max={100}
        text={words}
        tone={toneOfShare(percent ?? 0)}
        className="w-24 shrink-0"
      />
      <span className="truncate text-muted">
        {title}: {words}
      </span>
    </span>
  );
}

function ProfileMeters({ profile }: { readonly profile: Profile }) {
  const { name, windows } = profile;
  return (
    // The line before the first of a row lies beyond the edge.
    <div className="-ml-px flex h-8 items-center gap-2.5 border-line border-l pr-2.5 pl-3">
      <ProfileName profile={profile} />
      <ProfileSlots profile={profile} />
      <WayOut profile={profile} />
      <WindowMeter of={name} window="fiveHour" usage={windows.fiveHour} />
      <WindowMeter of={name} window="sevenDay" usage={windows.sevenDay} />
    </div>
  );
}

function ProfileRow({ profile }: { readonly profile: Profile }) {
  const { name, windows } = profile;
  return (
    <>
      <span className="flex flex-wrap items-center gap-x-2.5">
        <ProfileName profile={profile} />
        <WayOut profile={profile} />
        <Rest profile={profile} />
      </span>
      <ProfileSlots profile={profile} />
      <WindowDetail of={name} window="fiveHour" usage={windows.fiveHour} />
      <WindowDetail of={name} window="sevenDay" usage={windows.sevenDay} />
    </>
  );
}

function ProfileName({ profile: { name, state, reason } }: { readonly profile: Profile }) {
  const hue = useProfileHue(name);
  return (
    <span className="flex items-center gap-2.5" title={reason ?? undefined}>
      <NameChip name={name} hue={hue} className="max-w-28 font-semibold text-ink" />
      {state !== "ready" && <StateMark look={profileLook[state]} />}
    </span>
  );
}

function ProfileSlots({ profile }: { readonly profile: Profile }) {
  const { name, live, cap } = profile;
  const slots = effectiveCap(profile);
  const isLearned = hasLearnedLess(profile);
  const learned = isLearned ? `; the provider refused more, the cap is set to ${cap}` : "";
  return (
    <span
      className="flex items-center gap-1.5"
      title={`${live} live sessions of ${slots}${learned}`}
    >
      <Meter
        name={`${name} sessions`}
        value={live}
        max={slots}
        text={wordSlots(profile)}
        tone={live >= slots ? "warn" : "busy"}
        className="w-10"
      />
      <span className="whitespace-nowrap text-muted tabular-nums">
        <b className="font-semibold text-ink">{live}</b>/{slots}
        {isLearned && <span className="text-warn"> learned</span>}
      </span>
    </span>
  );
}

/** What a person can do for a profile that takes no work. An incident is told on its card: a sign-in is rarely what ends it. */
function WayOut({ profile: { name, state } }: { readonly profile: Profile }) {
  switch (state) {
    case "signed-out":
      return (
        <LinkButton label={`Sign in to ${name}`} text="Sign in" onClick={() => signIn(name)} />
      );
    case "incident":
      return (
        <LinkButton
          label={`See why ${name} takes no work`}
          text="See why"
          onClick={() => {
            showView("profiles");
            wantProfile(name);
          }}
        />
      );
    case "ready":
    case "unchecked":
    case "resting":
    case "disabled":
      return null;
    default:
      return unreachable(state);
  }
}

function LinkButton({
  label,
  text,
  onClick,
}: {
  readonly label: string;
  readonly text: string;
  readonly onClick: () => void;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onClick}
      className="rounded font-medium text-accent hover:underline"
    >
      {text}
    </button>
  );
}

function Rest({ profile: { state, restsUntil } }: { readonly profile: Profile }) {
  const left = useTicking((now) =>
    restsUntil ? formatDuration(Date.parse(restsUntil) - now) : "",
  );
  if (state !== "resting" || left === "") return null;
  return <span className="text-warn">goes on in {left}</span>;
}
