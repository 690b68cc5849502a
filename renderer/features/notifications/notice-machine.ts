import { unreachable } from "../../../shared/model/unreachable.ts";

export const NOTICE_KINDS = ["needs-you", "finished", "failed", "limit", "returned"] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** Something that a person who does not look at the window wants to know. */
export interface Notice {
  /** The same for the same thing in every window, so that the system shows it once. */
  readonly key: string;
  readonly kind: NoticeKind;
  readonly title: string;
  readonly text: string;
  /** The id of what it is about: an inbox item, a task, a profile, a queue entry. */
  readonly subject: string;
  readonly session: string | null;
}

export interface NoticeState {
  /** What was told last and may still grow; one notification of the system. */
  readonly burst: {
    readonly tag: string;
    readonly notices: readonly Notice[];
    readonly endsAtMs: number;
  } | null;
  /** What waits for the person and is told once more when nobody has come. */
  readonly waiting: readonly { readonly notice: Notice; readonly dueAtMs: number }[];
}

export type NoticeEvent =
  | { readonly kind: "noticed"; readonly notices: readonly Notice[]; readonly nowMs: number }
  /** Answered, here or elsewhere. */
  | { readonly kind: "gone"; readonly keys: ReadonlySet<string> }
  | { readonly kind: "time-passed"; readonly nowMs: number };

/** What the system is to show; a second one with the same tag takes the place of the first. */
export interface Shown {
  readonly tag: string;
  readonly notices: readonly Notice[];
}

export interface NoticeStep {
  readonly state: NoticeState;
  readonly show: Shown | null;
}

const BURST_MS = 5_000;
const REPEAT_AFTER_MS = 120_000;

export const quietNotices: NoticeState = { burst: null, waiting: [] };

/**
 * Tells at once, and adds to the same notification what comes within five seconds. What waits for the person is told once more after
 * two minutes.
 *
 * Invariant: one notice is shown first, and at most once more, and never after it is gone.
 */
export function stepNotices(state: NoticeState, event: NoticeEvent): NoticeStep {
  switch (event.kind) {
    case "noticed": {
      const dueAtMs = event.nowMs + REPEAT_AFTER_MS;
      const asked = event.notices.filter((notice) => notice.kind === "needs-you");
      const waiting = [...state.waiting, ...asked.map((notice) => ({ notice, dueAtMs }))];
      return tell({ ...state, waiting }, event.notices, event.nowMs, "");
    }
    case "gone": {
      const stays = (notice: Notice) => !event.keys.has(notice.key);
      const burst = state.burst && {
        ...state.burst,
        notices: state.burst.notices.filter(stays),
      };
      const waiting = state.waiting.filter(({ notice }) => stays(notice));
      return { state: { burst, waiting }, show: null };
    }
    case "time-passed": {
      const due = state.waiting.filter(({ dueAtMs }) => dueAtMs <= event.nowMs);
      const waiting = state.waiting.filter(({ dueAtMs }) => dueAtMs > event.nowMs);
      const notices = due.map(({ notice }) => notice);
      return tell({ ...state, waiting }, notices, event.nowMs, "again ");
    }
    default:
      return unreachable(event);
  }
}

/** When something has to be told again; null while nothing waits. */
export function nextNoticeAtMs({ waiting }: NoticeState): number | null {
  return waiting.length === 0 ? null : Math.min(...waiting.map(({ dueAtMs }) => dueAtMs));
}

function tell(
  state: NoticeState,
  notices: readonly Notice[],
  nowMs: number,
  tagPrefix: string,
): NoticeStep {
  const [first] = notices;
  if (!first) return { state, show: null };
  const isGrowing = state.burst !== null && nowMs < state.burst.endsAtMs;
  const burst =
    isGrowing && state.burst
      ? { ...state.burst, notices: [...state.burst.notices, ...notices] }
      : { tag: `${tagPrefix}${first.key}`, notices, endsAtMs: nowMs + BURST_MS };
  return { state: { ...state, burst }, show: { tag: burst.tag, notices: burst.notices } };
}
