import { ShieldOff } from "lucide-react";
import {
  ASKS_NOTHING,
  asksNothing,
  type PermissionMode,
} from "../../shared/model/permission-mode.ts";

/** Stands wherever a worker is shown that may do what it likes without asking. */
export function AsksNothingMark({ mode }: { readonly mode: PermissionMode | null }) {
  if (!asksNothing(mode)) return null;
  return (
    <span
      title={`Permission mode ${mode}: it ${ASKS_NOTHING}. Only the gate stops it.`}
      className="inline-flex shrink-0 items-center gap-1 whitespace-nowrap rounded border border-bad/45 px-1 text-2xs text-bad"
    >
      <ShieldOff size={11} aria-hidden="true" />
      {/* In a narrow pane the sign alone. */}
      <span className="@max-[21rem]:sr-only">{ASKS_NOTHING}</span>
    </span>
  );
}
