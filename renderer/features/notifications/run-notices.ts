import { inboxOf } from "../../mirror/inbox-of.ts";
import { useMirror } from "../../mirror/mirror.ts";
import type { MirrorRows } from "../../mirror/mirror-rows.ts";
import { findNotices, keyOfItem, type Moment } from "./find-notices.ts";
import {
  type Notice,
  type NoticeEvent,
  nextNoticeAtMs,
  quietNotices,
  type Shown,
  stepNotices,
} from "./notice-machine.ts";
import { isTold, useNoticeSettings } from "./notice-settings.ts";
import { wordNotices } from "./word-notices.ts";

/** What the rest of the window knows and does about notices. */
export interface NoticeHooks {
  /** Whether the person has it before their eyes. */
  isSeen(notice: Notice): boolean;
  /** Goes to what was told; of several things, to where all of them are. */
  open(notices: readonly Notice[]): void;
}

/** Tells the person through the system what happens, and counts in the title and on the badge what waits, until `signal` aborts. */
export function runNotices(hooks: NoticeHooks, signal: AbortSignal): void {
  let state = quietNotices;
  let timer: ReturnType<typeof setTimeout> | null = null;

  const take = (event: NoticeEvent) => {
    const next = stepNotices(state, event);
    state = next.state;
    if (next.show) show(next.show, hooks);
    if (timer !== null) clearTimeout(timer);
    const dueAtMs = nextNoticeAtMs(state);
    timer =
      dueAtMs === null ? null : setTimeout(passTime, Math.max(0, dueAtMs - performance.now()));
  };
  const passTime = () => take({ kind: "time-passed", nowMs: performance.now() });
  let known = momentOf(useMirror.getState());
  const look = (rows: MirrorRows) => {
    const before = known;
    const after = momentOf(rows);
    known = after;
    if (before.inbox === after.inbox && before.rows.profiles === after.rows.profiles) return;
    const waits = new Set(after.inbox.map(keyOfItem));
    const keys = new Set(before.inbox.map(keyOfItem).filter((key) => !waits.has(key)));
    if (keys.size > 0) take({ kind: "gone", keys });
    const now = new Date();
    const minute = now.getHours() * 60 + now.getMinutes();
    const notices = findNotices(before, after).filter(
      (notice) =>
        isTold(useNoticeSettings.getState(), notice.kind, minute) && !hooks.isSeen(notice),
    );
    if (notices.length > 0) take({ kind: "noticed", notices, nowMs: performance.now() });
    count(after.inbox.length);
  };
  count(known.inbox.length);
  const unsubscribe = useMirror.subscribe(look);
  signal.addEventListener("abort", () => {
    unsubscribe();
    if (timer !== null) clearTimeout(timer);
  });
}

function show({ tag, notices }: Shown, hooks: NoticeHooks): void {
  if (!("Notification" in globalThis) || Notification.permission !== "granted") return;
  const { title, text } = wordNotices(notices);
  const notification = new Notification(title, { body: text, tag });
  notification.addEventListener("click", () => {
    window.focus();
    // The desktop shell brings back a window that is minimised.
    window.postMessage("switchyard:raise", location.origin);
    hooks.open(notices);
    notification.close();
  });
}

function count(waiting: number): void {
  document.title = waiting === 0 ? "Switchyard" : `(${waiting}) Switchyard`;
  // A place without badges refuses, and has the title.
  navigator.setAppBadge?.(waiting).catch(() => {});
}

function momentOf(rows: MirrorRows): Moment {
  return { rows, inbox: inboxOf(rows) };
}
