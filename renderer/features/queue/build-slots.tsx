import {
  type BuildLock,
  type LockClaim,
  ordinal,
  ownerOf,
} from "../../../shared/model/build-lock.ts";
import type { TaskId } from "../../../shared/model/ids.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { Age } from "../../ui/age.tsx";
import { type Look, StateMark } from "../../ui/state-mark.tsx";

const holds: Look = { word: "Runs", tone: "busy", shape: "disc" };
const waits = (place: number): Look => ({
  word: `Waits, ${ordinal(place)}`,
  tone: "quiet",
  shape: "clock",
});

/** Who holds build slots, of all projects, and who waits for one; nothing while nobody does. */
export function BuildSlots({ onOpenTask }: { readonly onOpenTask: (task: TaskId) => void }) {
  const locks = useMirror((mirror) => mirror.locks);
  if (locks.length === 0) return null;
  return (
    <section
      aria-label="Build slots"
      className="mx-2 mb-2 flex max-h-56 shrink-0 flex-col overflow-y-auto rounded-lg border border-line bg-surface"
    >
      {locks.map((lock) => (
        <LockList key={lock.name} lock={lock} onOpenTask={onOpenTask} />
      ))}
    </section>
  );
}

function LockList({
  lock,
  onOpenTask,
}: {
  readonly lock: BuildLock;
  readonly onOpenTask: (task: TaskId) => void;
}) {
  const { name, slots, holders, waiting } = lock;
  const title = name === "build" ? "Build slots" : `Slots of ${name}`;
  return (
    <>
      <h2 className="sticky top-0 z-10 flex gap-2 bg-sunken px-3 py-1 font-semibold text-faint text-xs">
        {title}
        <span className="font-normal tabular-nums">
          {holders.length} of {slots} taken{waiting.length > 0 && `, ${waiting.length} waiting`}
        </span>
      </h2>
      <ul aria-label={title}>
        {holders.map((claim) => (
          <ClaimRow key={keyOf(claim)} claim={claim} look={holds} onOpenTask={onOpenTask} />
        ))}
        {waiting.map((claim, at) => (
          <ClaimRow key={keyOf(claim)} claim={claim} look={waits(at + 1)} onOpenTask={onOpenTask} />
        ))}
      </ul>
    </>
  );
}

function ClaimRow({
  claim,
  look,
  onOpenTask,
}: {
  readonly claim: LockClaim;
  readonly look: Look;
  readonly onOpenTask: (task: TaskId) => void;
}) {
  const { task, project, command, since } = claim;
  return (
    <li className="flex h-7 items-center gap-3 border-line/60 border-t px-3 text-xs">
      <span className="w-24 shrink-0">
        <StateMark look={look} />
      </span>
      {task ? (
        <button
          type="button"
          onClick={() => onOpenTask(task)}
          className="w-28 shrink-0 truncate text-left font-mono hover:underline"
        >
          {task}
        </button>
      ) : (
        <span className="w-28 shrink-0 truncate text-muted">{ownerOf(claim)}</span>
      )}
      <span title={command} className="min-w-0 flex-1 truncate font-mono">
        {command}
      </span>
      {project && <span className="max-w-32 truncate text-muted">{project}</span>}
      <Age since={since} className="w-12 shrink-0 text-right text-faint tabular-nums" />
    </li>
  );
}

/** Nobody claims twice in the same millisecond with the same process. */
function keyOf({ since, pid, command }: LockClaim): string {
  return `${since} ${pid} ${command}`;
}
