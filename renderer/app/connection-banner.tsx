import { Unplug } from "lucide-react";
import { useConnection } from "../client/connection.ts";
import { EmptyState } from "../ui/empty-state.tsx";

/** A restart of the core takes a second or two; before this many tries nothing needs to be done. */
const TRIES_BEFORE_ADVICE = 5;

/** Says over a window that still shows its last state that this state is old. */
export function ConnectionBanner() {
  const connection = useConnection();
  if (connection.kind !== "lost") return null;
  return (
    <div
      role="alert"
      className="flex shrink-0 items-center gap-2.5 border-bad/40 border-b bg-bad/12 px-4 py-2 text-sm"
    >
      <Unplug size={15} className="shrink-0 text-bad" aria-hidden="true" />
      <span>
        <b className="font-semibold text-bad">The connection is lost.</b> What you see is how it
        was. Sessions go on without this window; it connects again by itself.
        {connection.attempts >= TRIES_BEFORE_ADVICE &&
          " If Switchyard was started anew, open the new link that it printed."}
      </span>
    </div>
  );
}

/** Before the first snapshot there is nothing to show but why. */
export function NoConnectionPage() {
  const connection = useConnection();
  if (connection.kind !== "lost") return null;
  const { message, hint } = connection.error;
  return (
    <main role="alert" className="h-full">
      <EmptyState icon={<Unplug size={22} />} title={message}>
        <p>{hint ?? "It is tried again by itself."}</p>
      </EmptyState>
    </main>
  );
}
