import { OctagonX, Play } from "lucide-react";
import { useEffect, useRef } from "react";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { Age } from "../../ui/age.tsx";
import { Button } from "../../ui/button.tsx";
import { useAction } from "../../ui/use-action.ts";
import { useFleetView, wantResume } from "./fleet-view-store.ts";

/** Says for as long as it lasts that nothing goes out, and why. */
export function HaltedBanner() {
  const fleet = useMirror((mirror) => mirror.fleet[0]);
  const { run, isBusy } = useAction();
  const banner = useRef<HTMLDivElement>(null);
  const isHalted = fleet?.isHalted ?? false;
  const isWanted = useFleetView((view) => view.isResumeWanted);
  useEffect(() => {
    if (!isWanted || !isHalted) return;
    banner.current?.querySelector("button")?.focus();
    wantResume(false);
  }, [isWanted, isHalted]);
  if (!fleet?.isHalted) return null;
  return (
    <div
      ref={banner}
      role="alert"
      className="flex shrink-0 items-center gap-3 border-bad/50 border-b-2 bg-bad/14 px-4 py-2.5 text-sm"
    >
      <OctagonX size={17} className="shrink-0 text-bad" aria-hidden="true" />
      <p className="min-w-0 break-words">
        <b className="font-semibold text-bad">Everything is stopped.</b>{" "}
        {fleet.reason ? `${fleet.reason}. ` : ""}
        No session runs, no work goes out and none lands, for <Age since={fleet.since} /> now.
      </p>
      <Button
        kind="primary"
        className="ml-auto"
        disabled={isBusy}
        icon={<Play size={13} />}
        onClick={() => run(() => call("fleet.resume", {}))}
      >
        Resume
      </Button>
    </div>
  );
}
