import { Hourglass, SearchCheck } from "lucide-react";
import { useMirror } from "../mirror/mirror.ts";
import { Age } from "../ui/age.tsx";

/** Says what keeps the core from knowing how its sessions are: it has just come back, or its terminal host does not answer. */
export function HealthBanner() {
  const { isRecovering, hostSilence } = useMirror((mirror) => mirror.health);
  if (hostSilence) {
    const { since, pid } = hostSilence;
    return (
      <div
        role="alert"
        className="flex shrink-0 items-center gap-2.5 border-bad/40 border-b bg-bad/12 px-4 py-2 text-sm"
      >
        <Hourglass size={15} className="shrink-0 text-bad" aria-hidden="true" />
        <p className="min-w-0 break-words">
          <b className="font-semibold text-bad">The terminal host does not answer</b>
          {pid !== null && ` (process ${pid})`}, for <Age since={since} /> now. Panes stand still
          and nothing is started; its sessions may well go on. It is taken up again by itself as
          soon as it answers. If it never does, end it
          {pid === null ? (
            ""
          ) : (
            <>
              {" "}
              with <code className="font-mono">kill -9 {pid}</code>
            </>
          )}
          : its sessions end with it, and their tasks continue their conversations.
        </p>
      </div>
    );
  }
  if (!isRecovering) return null;
  return (
    <div
      role="status"
      className="flex shrink-0 items-center gap-2.5 border-line border-b bg-raised px-4 py-1.5 text-muted text-sm"
    >
      <SearchCheck size={15} className="shrink-0" aria-hidden="true" />
      <span>Checking what still runs… Until then you see what was last known.</span>
    </div>
  );
}
