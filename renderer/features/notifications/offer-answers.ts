import type { InboxItem } from "../../../shared/model/inbox.ts";
import { writeQuestion } from "../../../shared/model/read-choice.ts";
import { exactText } from "../../ui/plain-text.ts";

export type OfferedAct = "allow" | "deny" | "look";

export interface Offer {
  /** Exactly what it is about; null where that is not to be shown. */
  readonly text: string | null;
  readonly acts: readonly OfferedAct[];
  /** An answer can be written right there. */
  readonly hasReply: boolean;
}

/** More than this some systems cut, and then a person would decide on something they have not seen. */
const SHOWN_MAX_CHARS = 160;
const SHOWN_MAX_LINES = 4;

const NOTHING: Offer = { text: null, acts: [], hasReply: false };

/**
 * What can be done about one thing right from its notification. Nothing is let by unseen: a yes is offered only where all of what
 * would run stands in the notification, which it does when the person chose that; and never for a destructive command.
 */
export function offerAnswers(item: InboxItem, isShown: boolean): Offer {
  const text = isShown ? wholeOf(item) : null;
  switch (item.kind) {
    case "permission":
      return { text, acts: text === null ? ["deny", "look"] : ["allow", "deny"], hasReply: false };
    case "gate":
      return { text, acts: ["deny", "look"], hasReply: false };
    case "question":
      return { text, acts: [], hasReply: text !== null && item.ask?.questions.length === 1 };
    case "blocked":
    case "watchdog":
      return { text, acts: [], hasReply: text !== null && item.session !== null };
    default:
      return NOTHING;
  }
}

/** Null where there is too much of it. */
function wholeOf({ text, ask }: InboxItem): string | null {
  const [question, ...others] = ask?.questions ?? [];
  const whole = question
    ? others.length === 0
      ? writeQuestion(question)
      : null
    : ask
      ? ask.detail || ask.summary
      : text;
  if (whole === null) return null;
  const exact = exactText(whole.trim());
  const fits =
    exact.length <= SHOWN_MAX_CHARS && exact.split("\n").length <= SHOWN_MAX_LINES && exact !== "";
  return fits ? exact : null;
}
