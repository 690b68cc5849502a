import { useContext } from "react";
import type { TaskId } from "../../../shared/model/ids.ts";
import { asksNothing } from "../../../shared/model/permission-mode.ts";
import type { Session } from "../../../shared/model/session.ts";
import { AsksNothingMark } from "../../mirror/asks-nothing-mark.tsx";
import { useMirror } from "../../mirror/mirror.ts";
import { useProfileHue } from "../../mirror/profile-hue.ts";
import { sessionLook } from "../../mirror/state-look.ts";
import { Age } from "../../ui/age.tsx";
import { classNames } from "../../ui/class-names.ts";
import { formatTokens, formatUsd } from "../../ui/format-amount.ts";
import { Meter, toneOfShare } from "../../ui/meter.tsx";
import { NameChip } from "../../ui/name-chip.tsx";
import { ShapeMark, StateMark } from "../../ui/state-mark.tsx";
import { toneText } from "../../ui/tone.ts";
import { BranchMark } from "./branch-mark.tsx";
import { contextShare } from "./context-share.ts";
import { GripContext } from "./grip-context.ts";
import { PaneActions } from "./pane-actions.tsx";
import { LabelChips, MovedMark, RungMark, SlotMark } from "./pane-marks.tsx";

/** One line that says whose terminal this is and how it stands; what does not fit is dropped, the state never. */
export function PaneHeader({
  session,
  onOpenTask,
  onDoubleClick,
}: {
  readonly session: Session;
  readonly onOpenTask: (task: TaskId) => void;
  readonly onDoubleClick: () => void;
}) {
  const task = useMirror((mirror) => mirror.tasks.find((each) => each.id === session.task));
  const grip = useContext(GripContext);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: shortcuts for the mouse; there are buttons and keys for both.
    <header
      onDoubleClick={onDoubleClick}
      onPointerDown={grip ?? undefined}
      className="relative flex h-8 shrink-0 items-center gap-2 border-line border-b pr-1.5 pl-2.5"
    >
      <span role="status" title={whyOf(session)} className="flex shrink-0">
        <StateMark look={sessionLook[session.state]} />
      </span>
      {/* Beside the state, where the buttons of a pane that is looked at never cover it. */}
      <AsksNothingMark mode={session.permissionMode} />
      {task ? (
        <button
          type="button"
          onClick={() => onOpenTask(task.id)}
          onDoubleClick={(event) => event.stopPropagation()}
          title={`${task.id} ${task.title}`}
          className="flex min-w-0 items-baseline gap-1.5 overflow-hidden rounded px-0.5 text-left hover:underline"
        >
          <span className="shrink-0 font-mono text-faint text-xs">{task.id}</span>
          <span className="truncate font-medium text-sm">{task.title}</span>
        </button>
      ) : (
        <span className="truncate font-medium text-sm">{session.name}</span>
      )}
      <div className="ml-auto flex shrink-0 items-center gap-3 @max-[22rem]:gap-2 pl-1 text-faint text-xs tabular-nums">
        <ProfileMark session={session} />
        <span className="@max-[40rem]:hidden flex gap-1.5">
          <LabelChips labels={session.labels} />
        </span>
        <RungMark recovery={session.recovery} />
        <MovedMark session={session} />
        <SlotMark session={session} />
        {task && <BranchMark task={task} />}
        <ContextMeter session={session} />
        {session.costUsd !== null && (
          <span title="Cost so far, as the provider reports it" className="@max-[32rem]:hidden">
            {formatUsd(session.costUsd)}
          </span>
        )}
        <span title="Time in this state" className="@max-[25rem]:hidden min-w-6 text-right">
          <Age since={session.since} />
        </span>
        <PaneActions session={session} />
      </div>
    </header>
  );
}

/** Whose slot it holds, and how much of the five hours that one has used; at the narrowest the colour alone. */
function ProfileMark({ session }: { readonly session: Session }) {
  const { profile, placement, permissionMode } = session;
  const hue = useProfileHue(profile);
  const used = useMirror(
    ({ profiles }) => profiles.find(({ name }) => name === profile)?.windows.fiveHour?.usedPercent,
  );
  const share = used === undefined ? "not known yet" : `${Math.round(used)} % used`;
  return (
    <span
      title={`Profile ${profile}, its five hours: ${share}. ${placement.reason}`}
      className="inline-flex min-w-0 items-center gap-1.5"
    >
      <NameChip
        name={profile}
        hue={hue}
        className={classNames(
          "max-w-28",
          asksNothing(permissionMode)
            ? "@max-[26rem]:[&>span:last-child]:sr-only"
            : "@max-[19rem]:[&>span:last-child]:sr-only",
        )}
      />
      {used !== undefined && (
        <Meter
          name={`Five hours of ${profile}`}
          value={Math.round(used)}
          max={100}
          text={share}
          tone={toneOfShare(used)}
          className="@max-[50rem]:hidden w-7"
        />
      )}
    </span>
  );
}

function ContextMeter({ session }: { readonly session: Session }) {
  if (!session.context) return null;
  const { tokens, window, handoffAt } = session.context;
  const { percent, tone } = contextShare(session.context);
  return (
    <span
      className={classNames("inline-flex items-center gap-1.5", tone !== "busy" && toneText[tone])}
      title={`Context in use: ${tokens.toLocaleString()} of ${window.toLocaleString()} tokens${
        handoffAt ? `; it hands over to a fresh session at ${handoffAt.toLocaleString()}` : ""
      }`}
    >
      <Meter
        name={`${session.name} context`}
        value={percent}
        max={100}
        text={`${percent} percent`}
        tone={tone}
        className="@max-[22rem]:hidden @max-[29rem]:w-4 w-9"
      />
      {tone !== "busy" && <ShapeMark shape="triangle" />}
      {formatTokens(tokens)}
      <span className="@max-[36rem]:hidden">{percent} %</span>
    </span>
  );
}

/** The state can always say what it rests on. */
function whyOf(session: Session): string {
  const evidence = session.evidence.at(-1);
  const seen = evidence
    ? `Seen by ${evidence.signal} at ${new Date(evidence.at).toLocaleTimeString()}`
    : null;
  return [session.reason, seen].filter(Boolean).join("\n") || "No signal yet";
}
