import { z } from "zod";
import { create } from "zustand";
import { NOTICE_KINDS, type NoticeKind } from "./notice-machine.ts";

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/);

const Settings = z.object({
  isOn: z.boolean(),
  /** Kinds that are not told. */
  off: z.array(z.enum(NOTICE_KINDS)),
  /** Hours of the person's own clock, as `22:00`; null: none. */
  quiet: z.object({ from: time, to: time }).nullable(),
  /** Notifications hold the exact command or question, and with that a yes to it. */
  isWhole: z.boolean().default(false),
});
export type NoticeSettings = Readonly<z.infer<typeof Settings>>;

const KEY = "switchyard.notifications";
const DEFAULTS: NoticeSettings = { isOn: true, off: [], quiet: null, isWhole: false };

/** What this window tells; kept with the window, because each place one works at has its own habits. */
export const useNoticeSettings = create<NoticeSettings>(readStored);

export function setNotices(change: Partial<NoticeSettings>): void {
  useNoticeSettings.setState(change);
  localStorage.setItem(KEY, JSON.stringify(Settings.parse(useNoticeSettings.getState())));
}

function readStored(): NoticeSettings {
  const stored = globalThis.localStorage?.getItem(KEY);
  if (!stored) return DEFAULTS;
  try {
    return Settings.parse(JSON.parse(stored));
  } catch {
    // Written by another version: the usual settings are better than none.
    return DEFAULTS;
  }
}

/** Whether a kind is told at this time of day, in minutes since midnight. */
export function isTold(settings: NoticeSettings, kind: NoticeKind, minuteOfDay: number): boolean {
  return settings.isOn && !settings.off.includes(kind) && !isQuiet(settings.quiet, minuteOfDay);
}

function isQuiet(quiet: NoticeSettings["quiet"], minute: number): boolean {
  if (!quiet) return false;
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  return from <= to ? from <= minute && minute < to : minute >= from || minute < to;
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return hours * 60 + minutes;
}
