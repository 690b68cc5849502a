import { inboxOf } from "../../shared/contract/inbox-of.ts";
import type { MirrorRows } from "../../shared/contract/mirror-rows.ts";
import type { WindowPlace } from "../../shared/contract/window-place.ts";
import { tellClock } from "../../shared/model/format-time.ts";
import type { Profile } from "../../shared/model/profile.ts";
import { totalSlots, totalWindow } from "../../shared/model/total-capacity.ts";
import { MEDIUM_MS, readWindow, type WindowName } from "../../shared/model/usage-window.ts";
import {
  PROFILE_STATE_WORDS,
  wordInNeed,
  wordSlots,
  wordTotalWindow,
} from "../../shared/model/word-capacity.ts";
import { wordWindow } from "../../shared/model/word-window.ts";

/** An icon's shape is what it says; a colour alone would say nothing to some. */
export type TrayShape = "ring" | "triangle" | "square";

export type TrayItem =
  | { readonly kind: "line" }
  | { readonly kind: "entry"; readonly label: string; readonly place: WindowPlace | null };

/** All that the tray shows. The same words mean that nothing needs to be drawn. */
export interface TrayWords {
  readonly shape: TrayShape;
  /** Beside the icon, where a system has room for that. */
  readonly title: string;
  readonly tooltip: string;
  readonly items: readonly TrayItem[];
}

/** Windows cuts a longer tooltip. */
export const TOOLTIP_MAX = 127;

const NAMES: Readonly<Record<WindowName, string>> = { fiveHour: "Five hours", sevenDay: "Week" };
const SHORT: Readonly<Record<WindowName, string>> = { fiveHour: "5h", sevenDay: "wk" };
const WINDOWS = ["fiveHour", "sevenDay"] as const satisfies readonly WindowName[];
const LINE: TrayItem = { kind: "line" };

/** Null rows: no core answers. */
export function wordTray(rows: MirrorRows | null, nowMs: number): TrayWords {
  if (!rows) {
    const told = "No connection to Switchyard";
    return { shape: "ring", title: "", tooltip: told, items: [entry(told, null)] };
  }
  const profiles = [...rows.profiles].sort((a, b) => a.order - b.order);
  const waiting = inboxOf(rows).length;
  const isHalted = rows.fleet[0]?.isHalted ?? false;
  const { live, cap } = totalSlots(profiles);
  const inNeed = waiting === 0 ? "Nothing waits for you" : wordInNeed(waiting);
  const halted = isHalted ? ["Everything is stopped"] : [];
  return {
    shape: waiting > 0 ? "triangle" : isHalted ? "square" : "ring",
    title: [...(waiting > 0 ? [waiting] : []), `${live}/${cap}`].join(" · "),
    tooltip: fitLines([
      ...halted,
      inNeed,
      `${live} of ${cap} sessions`,
      ...profiles.map((profile) => wordShort(profile, nowMs)),
    ]),
    items: [
      ...halted.map((text) => entry(text, { kind: "resume" })),
      entry(inNeed, { kind: "inbox" }),
      LINE,
      ...(profiles.length === 1 ? [] : wordTotal(profiles, nowMs)),
      ...profiles.flatMap((profile) => wordProfile(profile, nowMs)),
      LINE,
      isHalted ? entry("Resume…", { kind: "resume" }) : entry("Stop all…", { kind: "halt" }),
    ],
  };
}

/** When the words change though no row does; null: they do not. */
export function nextTrayTurnMs(profiles: readonly Profile[], nowMs: number): number | null {
  const moments = profiles.flatMap(({ windows }) =>
    WINDOWS.flatMap((name) => {
      const usage = windows[name];
      if (!usage || readWindow(usage, name, nowMs).kind !== "current") return [];
      const runsOut = usage.burn?.runsOutAt ? [Date.parse(usage.burn.runsOutAt)] : [];
      // A moment's day is named until that day has come.
      const midnight = new Date(nowMs).setHours(24, 0, 0, 0);
      // Its rate is told for that long, the end of that time included.
      const rateEnds = Date.parse(usage.measuredAt) + MEDIUM_MS + 1;
      return [Date.parse(usage.resetsAt), rateEnds, midnight, ...runsOut];
    }),
  );
  const ahead = moments.filter((moment) => moment > nowMs);
  return ahead.length === 0 ? null : Math.min(...ahead);
}

function wordTotal(profiles: readonly Profile[], nowMs: number): readonly TrayItem[] {
  const { live, cap } = totalSlots(profiles);
  const place: WindowPlace = { kind: "profiles" };
  if (profiles.length === 0) return [entry("No profiles yet", place)];
  return [
    entry(`All: ${live} of ${cap} sessions`, place),
    ...WINDOWS.map((name) => {
      const words = wordTotalWindow(totalWindow(profiles, name, nowMs), profiles.length);
      return entry(indent(`${NAMES[name]}: ${words}`), place);
    }),
    LINE,
  ];
}

function wordProfile(profile: Profile, nowMs: number): readonly TrayItem[] {
  const { name, state, windows } = profile;
  const place: WindowPlace = { kind: "profile", name };
  const stateWord = state === "ready" ? [] : [PROFILE_STATE_WORDS[state].toLowerCase()];
  const needsSignIn = state === "signed-out" || state === "incident";
  return [
    entry([`${name}: ${wordSlots(profile)} sessions`, ...stateWord].join(", "), place),
    ...(needsSignIn ? [entry(indent(`Sign in to ${name}…`), { kind: "sign-in", name })] : []),
    ...WINDOWS.map((window) => {
      const { value, end, reset } = wordWindow(windows[window], window, nowMs, tellClock);
      const words = [value, end, reset].filter(Boolean).join(", ");
      return entry(indent(`${NAMES[window]}: ${words}`), place);
    }),
  ];
}

/** `max-1 3 of 10, 5h 42 %, wk 12 %`. */
function wordShort(profile: Profile, nowMs: number): string {
  const known = WINDOWS.flatMap((name) => {
    const { percent, value } = wordWindow(profile.windows[name], name, nowMs);
    return percent === null ? [] : [`${SHORT[name]} ${value}`];
  });
  return [`${profile.name} ${wordSlots(profile)}`, ...known].join(", ");
}

/** As many whole lines as fit. */
function fitLines(lines: readonly string[]): string {
  const text = lines.join("\n");
  if (text.length <= TOOLTIP_MAX) return text;
  const fitting = text.slice(0, TOOLTIP_MAX - "\n…".length + 1);
  return `${fitting.slice(0, fitting.lastIndexOf("\n"))}\n…`;
}

function entry(label: string, place: WindowPlace | null): TrayItem {
  return { kind: "entry", label, place };
}

/** A native menu has no other way to say what belongs to the entry above. */
function indent(text: string): string {
  return `    ${text}`;
}
