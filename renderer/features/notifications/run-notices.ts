import { inboxOf } from "../../../shared/contract/inbox-of.ts";
import type { MirrorRows } from "../../../shared/contract/mirror-rows.ts";
import type { InboxItem } from "../../../shared/model/inbox.ts";
import { raiseWindow, showNotice } from "../../client/show-notice.ts";
import { useMirror } from "../../mirror/mirror.ts";
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
import { type OfferedAct, offerAnswers } from "./offer-answers.ts";
import { wordNotices } from "./word-notices.ts";

export type NoticeAnswer =
  | { readonly kind: "allow" | "deny" }
  | { readonly kind: "reply"; readonly text: string };

/** What the rest of the window knows and does about notices. */
export interface NoticeHooks {
  /** Whether the person has it before their eyes. */
  isSeen(notice: Notice): boolean;
  /** Goes to what was told; of several things, to where all of them are. */
  open(notices: readonly Notice[]): void;
  /** Answers one thing from its notification. */
  answer(item: InboxItem, answer: NoticeAnswer): void;
}

/** Tells the person through the system what happens, and counts in the title and on the badge what waits, until `signal` aborts. */
export function runNotices(hooks: NoticeHooks, signal: AbortSignal): void {
  let state = quietNotices;
  let timer: ReturnType<typeof setTimeout> | null = null;
  const standing: Standing = new Map();

  const take = (event: NoticeEvent) => {
    const next = stepNotices(state, event);
    state = next.state;
    if (next.show) show(next.show, hooks, standing);
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
    if (keys.size > 0) {
      take({ kind: "gone", keys });
      takeAwayGone(keys, standing);
    }
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

const actTexts: Readonly<Record<OfferedAct, string>> = {
  allow: "Allow once",
  deny: "Deny",
  look: "Look",
};

/** What the system shows now, by its tag. */
type Standing = Map<string, { readonly keys: readonly string[]; readonly takeAway: () => void }>;

function show({ tag, notices }: Shown, hooks: NoticeHooks, standing: Standing): void {
  const { title, text } = wordNotices(notices);
  const item = onlyItem(notices);
  const offer = item && offerAnswers(item, useNoticeSettings.getState().isWhole);
  const acts = offer?.acts ?? [];
  const message = {
    tag,
    title,
    text: offer?.text ?? text,
    acts: acts.map((act) => actTexts[act]),
    reply: offer?.hasReply ? "Your answer" : null,
  };
  const open = () => {
    raiseWindow();
    hooks.open(notices);
  };
  const takeAway = showNotice(message, (press) => {
    standing.delete(tag);
    const act = press.kind === "act" ? acts[press.act] : undefined;
    if (item && press.kind === "reply") hooks.answer(item, { kind: "reply", text: press.text });
    else if (item && (act === "allow" || act === "deny")) hooks.answer(item, { kind: act });
    else open();
  });
  standing.set(tag, { keys: notices.map(({ key }) => key), takeAway });
}

/** Takes away what nobody needs to see any more. */
function takeAwayGone(gone: ReadonlySet<string>, standing: Standing): void {
  for (const [tag, { keys, takeAway }] of standing) {
    const left = keys.filter((key) => !gone.has(key));
    if (left.length > 0) {
      standing.set(tag, { keys: left, takeAway });
      continue;
    }
    standing.delete(tag);
    takeAway();
  }
}

function onlyItem(notices: readonly Notice[]): InboxItem | undefined {
  const [only, ...others] = notices;
  if (!only || others.length > 0) return undefined;
  return inboxOf(useMirror.getState()).find((item) => keyOfItem(item) === only.key);
}

function count(waiting: number): void {
  document.title = waiting === 0 ? "Switchyard" : `(${waiting}) Switchyard`;
  // A place without badges refuses, and has the title.
  navigator.setAppBadge?.(waiting).catch(() => {});
}

function momentOf(rows: MirrorRows): Moment {
  return { rows, inbox: inboxOf(rows) };
}
