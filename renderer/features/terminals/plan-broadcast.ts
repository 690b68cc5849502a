import type { Ask } from "../../../shared/model/ask.ts";
import type { SessionId } from "../../../shared/model/ids.ts";
import { isLive, type Session } from "../../../shared/model/session.ts";

export interface BroadcastPlan {
  readonly receivers: readonly Session[];
  /** Who is left out by itself, and why: keys would answer what is open there, or reach nobody. */
  readonly skipped: readonly { readonly session: Session; readonly why: string }[];
}

/** Who of those in view hears a message. The core looks again at each, right before it is typed. */
export function planBroadcast(
  inView: readonly Session[],
  asks: readonly Pick<Ask, "session" | "kind">[],
  leftOut: readonly SessionId[],
): BroadcastPlan {
  const chosen = inView.filter(({ id }) => !leftOut.includes(id));
  const judged = chosen.map((session) => ({ session, why: whyNot(session, asks) }));
  return {
    receivers: judged.flatMap(({ session, why }) => (why === null ? [session] : [])),
    skipped: judged.flatMap(({ session, why }) => (why === null ? [] : [{ session, why }])),
  };
}

const askWords = {
  permission: "asks for a permission",
  question: "asks a question",
  plan: "shows a plan that waits for a yes",
  gate: "asks whether a command may run",
} as const satisfies Record<Ask["kind"], string>;

function whyNot(
  { id, state }: Session,
  asks: readonly Pick<Ask, "session" | "kind">[],
): string | null {
  const ask = asks.find(({ session }) => session === id);
  if (!isLive(state)) return "has ended";
  if (ask) return askWords[ask.kind];
  if (state === "needs-input") return "shows a dialog";
  if (state === "starting") return "is still starting";
  if (state === "unknown") return "may show a dialog";
  return state === "limited" ? "waits for a limit" : null;
}

export type BroadcastResult =
  /** By the name of the session. */
  | { readonly session: string; readonly kind: "sent" }
  | { readonly session: string; readonly kind: "refused"; readonly why: string };

/** What became of it, in one sentence or two. */
export function wordBroadcast(results: readonly BroadcastResult[]): string {
  const sent = results.filter(({ kind }) => kind === "sent").length;
  const refused = results.flatMap((result) => (result.kind === "refused" ? [result] : []));
  const first = `Sent to ${sent} of ${results.length}.`;
  return [first, ...refused.map(({ session, why }) => `${session}: ${why}`)].join(" ");
}
