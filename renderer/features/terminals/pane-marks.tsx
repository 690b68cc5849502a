import {
  ArrowRightLeft,
  Cable,
  CircleAlert,
  History,
  Hourglass,
  type LucideIcon,
  RefreshCw,
  UserRound,
} from "lucide-react";
import { describeSlotWait } from "../../../shared/model/build-lock.ts";
import type { Rung, Session } from "../../../shared/model/session.ts";
import { wordMovedFrom } from "../../../shared/model/word-move.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { classNames } from "../../ui/class-names.ts";

const rungs: Readonly<Record<Rung, { readonly word: string; readonly icon: LucideIcon }>> = {
  reattached: { word: "Reattached", icon: Cable },
  resumed: { word: "Resumed", icon: History },
  "re-dispatched": { word: "Sent out again", icon: RefreshCw },
  "needs-you": { word: "Needs you", icon: UserRound },
};

/** How the session came to hold its work after something broke; in a narrow pane the sign alone. */
export function RungMark({ recovery }: Pick<Session, "recovery">) {
  if (!recovery) return null;
  const { word, icon: Icon } = rungs[recovery.rung];
  const at = new Date(recovery.at).toLocaleTimeString();
  return (
    <span
      title={`${word} at ${at}: ${recovery.reason}`}
      className={classNames(
        "inline-flex shrink-0 items-center gap-1 rounded border px-1 text-2xs",
        recovery.rung === "needs-you" ? "border-warn/45 text-warn" : "border-line text-muted",
      )}
    >
      <Icon size={11} aria-hidden="true" />
      <span className="@max-[34rem]:sr-only">{word}</span>
    </span>
  );
}

/** That its conversation began at another profile. */
export function MovedMark({ session }: { readonly session: Session }) {
  const words = wordMovedFrom(session);
  if (words === null || !session.movedFrom) return null;
  const isOnTrial = session.movedFrom.step === "trying";
  return (
    <span
      title={`Its conversation came ${words}`}
      className={classNames(
        "inline-flex shrink-0 items-center gap-1 rounded border px-1 text-2xs",
        isOnTrial ? "border-warn/45 text-warn" : "border-line text-muted",
      )}
    >
      <ArrowRightLeft size={11} aria-hidden="true" />
      <span className="@max-[34rem]:sr-only">from {session.movedFrom.profile}</span>
    </span>
  );
}

/** That its command waits for a build slot, and at which place. */
export function SlotMark({ session }: { readonly session: Session }) {
  const wait = useMirror(({ locks }) => describeSlotWait(locks, session.id));
  if (wait === null) return null;
  return (
    <span
      title={`It ${wait}`}
      className="inline-flex shrink-0 items-center gap-1 rounded border border-warn/45 px-1 text-2xs text-warn"
    >
      <Hourglass size={11} aria-hidden="true" />
      <span className="@max-[34rem]:sr-only">{wait}</span>
    </span>
  );
}

export function LabelChips({ labels }: Pick<Session, "labels">) {
  return labels.map((label) => (
    <span
      key={label}
      className="max-w-24 shrink-0 truncate rounded border border-line px-1 text-2xs text-muted"
    >
      {label}
    </span>
  ));
}

const steps = { told: "", interrupted: " It was interrupted.", paused: " It is paused." } as const;

/** What a watchdog suspects, under the terminal it is about. */
export function ConcernLine({ concern }: Pick<Session, "concern">) {
  if (!concern) return null;
  const text = `${concern.text}${steps[concern.step]}`;
  return (
    <p
      title={text}
      className="flex items-center gap-1.5 border-line border-t bg-warn/10 px-2.5 py-1 text-warn text-xs"
    >
      <CircleAlert size={12} className="shrink-0" aria-hidden="true" />
      <span className="truncate">
        <b className="font-semibold">Astray?</b> {text}
      </span>
    </p>
  );
}
