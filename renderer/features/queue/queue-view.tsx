import { GitMerge, Pause, Play } from "lucide-react";
import { useMemo } from "react";
import type { ProjectName, SessionId, TaskId } from "../../../shared/model/ids.ts";
import { describeParallelChecks } from "../../../shared/model/parallel-checks.ts";
import { describeLanding, type Project } from "../../../shared/model/project.ts";
import { isOpen, type QueueEntry } from "../../../shared/model/queue-entry.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { compareIds, openEntries } from "../../mirror/selectors.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatCount } from "../../ui/format-amount.ts";
import { type Look, StateMark } from "../../ui/state-mark.tsx";
import { act, useAction } from "../../ui/use-action.ts";
import { useGradually } from "../../ui/use-gradually.ts";
import { useListKeys } from "../../ui/use-list-keys.ts";
import { BatchLine } from "./batch-line.tsx";
import { BuildSlots } from "./build-slots.tsx";
import { isRevertible } from "./entry-acts.ts";
import { EntryDetail } from "./entry-detail.tsx";
import { EntryRow } from "./entry-row.tsx";
import { FlakyPanel } from "./flaky-panel.tsx";
import { ForecastPanel } from "./forecast-panel.tsx";
import { FreezeButton, FreezeNotice } from "./freeze-notice.tsx";
import { LandingHistory } from "./landing-history.tsx";
import { isMovable, moveEntry, OpenEntries } from "./open-entries.tsx";
import { PushStatus, PushTrouble } from "./push-status.tsx";
import {
  askForReturn,
  askForTakeBack,
  selectEntry,
  showTab,
  useQueueView,
} from "./queue-view-store.ts";
import { ReturnDialog } from "./return-dialog.tsx";
import { TakeBackDialog } from "./take-back-dialog.tsx";

const CLOSED_SHOWN_MAX = 50;
const runningLook: Look = { word: "Running", tone: "busy", shape: "disc" };
const pausedLook: Look = { word: "Paused", tone: "warn", shape: "pause" };

export function QueueView({
  project: projectName,
  onOpenTask,
  onOpenPane,
}: {
  readonly project: ProjectName;
  readonly onOpenTask: (task: TaskId) => void;
  readonly onOpenPane: (session: SessionId) => void;
}) {
  const allEntries = useMirror((mirror) => mirror.entries);
  const project = useMirror((mirror) => mirror.projects.find(({ name }) => name === projectName));
  const { selected, returning, takingBack, tab } = useQueueView();
  const open = useMemo(() => openEntries(allEntries, projectName), [allEntries, projectName]);
  const [landed, left] = useMemo(() => {
    const closed = allEntries
      .filter((entry) => entry.project === projectName && !isOpen(entry.state))
      .sort((a, b) => b.since.localeCompare(a.since) || compareIds(b.id, a.id));
    const isLanded = ({ state }: QueueEntry) => state === "landed";
    return [closed.filter(isLanded), closed.filter((entry) => !isLanded(entry))].map((entries) =>
      entries.slice(0, CLOSED_SHOWN_MAX),
    ) as [QueueEntry[], QueueEntry[]]; // Two lists stay two.
  }, [allEntries, projectName]);
  const shown = useMemo(() => [...open, ...landed, ...left], [open, landed, left]);
  const keys = useMemo(() => shown.map((entry) => entry.id), [shown]);
  const detail = shown.find((entry) => entry.id === selected);
  const returned = shown.find((entry) => entry.id === returning);
  // The lists stand below each other: a later one begins when those before it are whole.
  const drawn = useGradually(shown.length, shown.findIndex(({ id }) => id === selected) + 1);
  const ofLanded = landed.slice(0, Math.max(0, drawn - open.length));
  const ofLeft = left.slice(0, Math.max(0, drawn - open.length - landed.length));
  const { list, onKeyDown, rowProps, current, choose } = useListKeys({
    keys,
    selected,
    onSelect: selectEntry,
    letters: detail
      ? {
          a: () => {
            if (detail.state === "awaiting-approval") {
              act(() => call("queue.approve", { entry: detail.id }));
            }
          },
          r: () => askForReturn(detail.id),
          v: () => {
            if (isRevertible(detail)) askForTakeBack({ kind: "revert", entry: detail.id });
          },
          // Pressed again, it goes on into the lines.
          d: () => (tab === "diff" ? focusDiff() : showTab("diff")),
          ...moveLetters(detail),
          c: () => showTab("checks"),
          s: () => showTab("summary"),
        }
      : {},
  });

  return (
    <div className="flex h-full min-h-0 flex-col">
      {project && <QueueBar project={project} length={open.length} />}
      {project && <FreezeNotice project={project} />}
      <BuildSlots onOpenTask={onOpenTask} />
      {project && <PushTrouble project={project} />}
      <ForecastPanel project={projectName} onOpenTask={onOpenTask} />
      <FlakyPanel project={projectName} onOpenTask={onOpenTask} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: takes the keys that move in the lists within. */}
      <div
        onKeyDown={onKeyDown}
        className="grid min-h-0 flex-1 gap-2 px-2 pb-2"
        style={{
          gridTemplateColumns: detail ? "minmax(340px, 40%) minmax(0, 1fr)" : "minmax(0, 1fr)",
        }}
      >
        <div
          ref={list}
          className="@container min-h-0 overflow-y-auto rounded-lg border border-line bg-surface"
        >
          <BatchLine open={open} />
          {keys.length === 0 && <NoEntries />}
          <OpenEntries
            open={open}
            shownCount={drawn}
            selected={selected}
            current={current}
            onSelect={choose}
          />
          {open.length === 0 && keys.length > 0 && (
            <p className="px-4 py-5 text-muted">Nothing waits to land.</p>
          )}
          {ofLanded.length > 0 && (
            <LandingHistory
              project={projectName}
              landed={ofLanded}
              selected={selected}
              rowProps={rowProps}
              onSelect={choose}
            />
          )}
          {ofLeft.length > 0 && (
            <>
              <h2 className="sticky top-0 z-10 border-line border-y bg-sunken px-4 py-1.5 font-semibold text-faint text-xs">
                Left the queue
              </h2>
              <ul aria-label="Left the queue">
                {ofLeft.map((entry) => (
                  <EntryRow
                    key={entry.id}
                    entry={entry}
                    isSelected={entry.id === selected}
                    isCurrent={entry.id === current}
                    onSelect={choose}
                  />
                ))}
              </ul>
            </>
          )}
        </div>
        {detail && (
          <EntryDetail
            key={detail.id}
            entry={detail}
            queueLength={open.length}
            onOpenTask={onOpenTask}
            onOpenPane={onOpenPane}
          />
        )}
      </div>
      {returned && <ReturnDialog entry={returned} onClose={() => askForReturn(null)} />}
      {takingBack && <TakeBackDialog what={takingBack} />}
    </div>
  );
}

function QueueBar({ project, length }: { readonly project: Project; readonly length: number }) {
  const { run, isBusy } = useAction();
  const { state, reason, parallel } = project.queue;
  const when = project.approve === "auto" ? "by itself when green" : "after your approval";
  const landing = `Lands ${describeLanding(project)}, ${when}`;
  return (
    <div className="flex h-11 shrink-0 items-center gap-3 px-3">
      <h1 className="sr-only">Merge queue</h1>
      <StateMark look={state === "running" ? runningLook : pausedLook} isBoxed />
      <span className="text-muted">
        {formatCount(length, "branch", "branches")} to land on{" "}
        <span className="font-mono text-xs">{project.target}</span>
      </span>
      {reason && <span className="truncate text-warn">{reason}</span>}
      <PushStatus project={project} />
      <span className="ml-auto flex min-w-0 gap-3 text-faint text-xs">
        {parallel && (
          <span className="truncate" title={`Checks run ${describeParallelChecks(parallel)}`}>
            Checks run {describeParallelChecks(parallel)}
          </span>
        )}
        <span className="max-w-96 shrink-0 truncate" title={landing}>
          {landing}
        </span>
      </span>
      <FreezeButton project={project} />
      {state === "running" ? (
        <Button
          disabled={isBusy}
          icon={<Pause size={13} />}
          onClick={() => run(() => call("queue.pause", { project: project.name }))}
        >
          Pause queue
        </Button>
      ) : (
        <Button
          kind="primary"
          disabled={isBusy}
          icon={<Play size={13} />}
          onClick={() => run(() => call("queue.resume", { project: project.name }))}
        >
          Resume queue
        </Button>
      )}
    </div>
  );
}

/** With Shift the letters that go through the list take the entry along. */
function moveLetters(entry: QueueEntry): Readonly<Record<string, () => void>> {
  const by = (places: 1 | -1) => () => {
    const position = entry.position + places;
    if (isMovable(entry) && position > 0) moveEntry(entry, position);
  };
  return Object.fromEntries([
    ["J", by(1)],
    ["K", by(-1)],
  ]);
}

function focusDiff(): void {
  document.querySelector<HTMLElement>("[data-line=current]")?.focus();
}

function NoEntries() {
  return (
    <EmptyState icon={<GitMerge size={22} />} title="The queue is empty">
      <p>
        A finished branch comes here when its worker's checks pass. It is tested as it will be after
        landing, then the target branch moves to exactly that commit.
      </p>
    </EmptyState>
  );
}
