import { Minus, Plus } from "lucide-react";
import type { Profile } from "../../../shared/model/profile.ts";
import { call } from "../../client/connection.ts";
import { IconButton } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { useAction } from "../../ui/use-action.ts";

const CAP_MAX = 100;

/** Live sessions of the cap, and the cap itself to change. */
export function CapEditor({
  profile,
  slots,
}: {
  readonly profile: Profile;
  readonly slots: number;
}) {
  const { run, isBusy } = useAction();
  const { name, cap, live, learnedCap } = profile;
  const set = (wanted: number) => run(() => call("profile.set", { name, cap: wanted }));
  return (
    <>
      <span className="text-muted">Sessions</span>
      <span aria-hidden="true" className="flex h-2 gap-px overflow-hidden rounded-full">
        {Array.from({ length: Math.max(slots, live) }, (_, slot) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: slots have no other name.
            key={slot}
            className={classNames("h-full flex-1", slot < live ? "bg-busy" : "bg-line")}
          />
        ))}
      </span>
      <span className="flex items-center justify-end gap-1 text-xs tabular-nums">
        <span>
          <span className="font-semibold">{live}</span> of {slots}
          {learnedCap !== null && learnedCap < cap && (
            <span
              className="text-warn"
              title={`The provider refused more; the cap is set to ${cap}`}
            >
              {" "}
              (learned)
            </span>
          )}
        </span>
        <IconButton
          label={`Lower the cap of ${name}`}
          isSmall
          disabled={isBusy || cap <= 1}
          onClick={() => set(cap - 1)}
        >
          <Minus size={12} />
        </IconButton>
        <span className="min-w-10 text-center text-faint" title="The cap">
          cap {cap}
        </span>
        <IconButton
          label={`Raise the cap of ${name}`}
          isSmall
          disabled={isBusy || cap >= CAP_MAX}
          onClick={() => set(cap + 1)}
        >
          <Plus size={12} />
        </IconButton>
      </span>
    </>
  );
}
