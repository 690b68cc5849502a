import type { EntryId, SessionId, TaskId } from "../../../shared/model/ids.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import { hasConflict } from "../../../shared/model/resolution.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { entryLook } from "../../mirror/state-look.ts";
import { Age } from "../../ui/age.tsx";
import { classNames } from "../../ui/class-names.ts";
import { FactList, PanelSection, SidePanel } from "../../ui/side-panel.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { CheckLog } from "./check-log.tsx";
import { ConflictPanel } from "./conflict/conflict-panel.tsx";
import { EntryActions } from "./entry-actions.tsx";
import { EntryChange } from "./entry-change.tsx";
import { EntryDiff } from "./entry-diff.tsx";
import { PullRequestPanel } from "./pull-request-panel.tsx";
import { EntryPush } from "./push-status.tsx";
import { type EntryTab, selectEntry, showTab, useQueueView } from "./queue-view-store.ts";

const TABS: readonly (readonly [EntryTab, string])[] = [
  ["summary", "Summary"],
  ["diff", "Diff"],
  ["checks", "Checks"],
];

const CONFLICT = ["conflict", "Conflict"] as const;

export function EntryDetail({
  entry,
  queueLength,
  onOpenTask,
  onOpenPane,
}: {
  readonly entry: QueueEntry;
  readonly queueLength: number;
  readonly onOpenTask: (task: TaskId) => void;
  readonly onOpenPane: (session: SessionId) => void;
}) {
  const task = useMirror((mirror) => mirror.tasks.find((each) => each.id === entry.task));
  const wanted = useQueueView((view) => view.tab);
  const tabs = hasConflict(entry) ? [...TABS, CONFLICT] : TABS;
  const tab = tabs.some(([name]) => name === wanted) ? wanted : "summary";
  return (
    <SidePanel
      label={`Entry ${entry.id}`}
      onClose={() => selectEntry(null)}
      header={
        <>
          <div className="flex items-center gap-2.5">
            <span className="font-mono text-faint text-xs">{entry.id}</span>
            <StateMark look={entryLook[entry.state]} isBoxed />
            <span className="text-faint text-xs">
              for <Age since={entry.since} />
            </span>
          </div>
          <h2 className="mt-1.5 break-words font-semibold text-lg">
            {task?.title ?? entry.branch}
          </h2>
          {entry.reason && <p className="mt-1 text-muted">{entry.reason}</p>}
        </>
      }
      actions={
        <EntryActions
          entry={entry}
          queueLength={queueLength}
          session={task?.session ?? null}
          onOpenTask={onOpenTask}
          onOpenPane={onOpenPane}
        />
      }
    >
      <div
        role="tablist"
        aria-label="Entry"
        className="sticky top-0 z-10 flex gap-1 border-line border-b bg-surface px-3"
      >
        {tabs.map(([name, title]) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={tab === name}
            onClick={() => showTab(name)}
            className={classNames(
              "-mb-px border-b-2 px-2.5 py-2 text-sm -outline-offset-2",
              tab === name
                ? "border-accent font-semibold text-ink"
                : "border-transparent text-muted hover:text-ink",
            )}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel">
        <TabContent tab={tab} entry={entry} />
      </div>
    </SidePanel>
  );
}

function TabContent({ tab, entry }: { readonly tab: EntryTab; readonly entry: QueueEntry }) {
  switch (tab) {
    case "summary":
      return <Summary entry={entry} />;
    case "diff":
      return <EntryDiff entry={entry} />;
    case "checks":
      return <CheckLog entry={entry} />;
    case "conflict":
      return <ConflictPanel entry={entry} />;
    default:
      return unreachable(tab);
  }
}

function Summary({ entry }: { readonly entry: QueueEntry }) {
  const push = useMirror(
    (mirror) => mirror.projects.find(({ name }) => name === entry.project)?.queue.push,
  );
  const code = (text: string) => <span className="break-all font-mono text-xs">{text}</span>;
  const links = (ids: readonly EntryId[]) => ids.join(", ");
  const facts: (readonly [string, React.ReactNode])[] = [
    ["Branch", code(entry.branch)],
    ["Commit", code(entry.head.slice(0, 12))],
  ];
  if (entry.base) facts.push(["On top of", code(entry.base.slice(0, 12))]);
  if (entry.candidate) facts.push(["Tested as", code(entry.candidate.slice(0, 12))]);
  const mates = entry.batch?.entries.filter((id) => id !== entry.id) ?? [];
  if (mates.length > 0) facts.push(["Tested together with", links(mates)]);
  if (entry.conflictsWith.length > 0) facts.push(["Conflicts with", links(entry.conflictsWith)]);
  if (entry.hotfixAt) facts.push(["Hot fix since", new Date(entry.hotfixAt).toLocaleString()]);
  if (entry.approvedAt) facts.push(["Approved", new Date(entry.approvedAt).toLocaleString()]);
  if (push && entry.state === "landed" && !entry.pullRequest?.merged) {
    facts.push([`On ${push.remote}`, <EntryPush key="push" entry={entry} push={push} />]);
  }
  facts.push(["In the queue since", new Date(entry.enqueuedAt).toLocaleString()]);
  return (
    <>
      <PullRequestPanel entry={entry} />
      <PanelSection title="What the worker says it did">
        <p className="whitespace-pre-wrap break-words">{entry.summary ?? "It left no summary."}</p>
      </PanelSection>
      <PanelSection title="The change">
        <EntryChange entry={entry} />
      </PanelSection>
      {entry.files.length > 0 && (
        <PanelSection title="Files in the way">
          <ul className="flex flex-col gap-0.5 font-mono text-xs">
            {entry.files.map((file) => (
              <li key={file} className="break-all">
                {file}
              </li>
            ))}
          </ul>
        </PanelSection>
      )}
      <PanelSection title="Facts">
        <FactList facts={facts} />
      </PanelSection>
    </>
  );
}
