import { FileInput, ListChecks, ListPlus, Plus } from "lucide-react";
import { useMemo, useRef } from "react";
import type { ProjectName, SessionId } from "../../../shared/model/ids.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { tasksOf } from "../../mirror/selectors.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { BareInput } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format-amount.ts";
import { SegmentedChoice } from "../../ui/segmented-choice.tsx";
import { useListKeys } from "../../ui/use-list-keys.ts";
import { groupByPlan, groupByState, matchesFilter } from "./group-tasks.ts";
import { PlanHeader } from "./plan-header.tsx";
import { TaskDetail } from "./task-detail.tsx";
import { TaskRow } from "./task-row.tsx";
import { openTaskDialog, selectTask, useTasksView } from "./tasks-view-store.ts";

export function TasksView({
  project,
  onOpenPane,
}: {
  readonly project: ProjectName;
  readonly onOpenPane: (session: SessionId) => void;
}) {
  const allTasks = useMirror((mirror) => mirror.tasks);
  const allPlans = useMirror((mirror) => mirror.plans);
  const { selected, grouping, filter } = useTasksView();
  const tasks = useMemo(() => tasksOf(allTasks, project), [allTasks, project]);
  const groups = useMemo(() => {
    const shown = tasks.filter((task) => matchesFilter(task, filter));
    if (grouping === "state") return groupByState(shown);
    const plans = allPlans.filter((plan) => plan.project === project);
    return groupByPlan(
      shown,
      filter === "" ? plans : plans.filter((plan) => shown.some((task) => task.plan === plan.id)),
    );
  }, [tasks, allPlans, project, grouping, filter]);
  const keys = useMemo(
    () => groups.flatMap((group) => group.tasks.map((task) => task.id)),
    [groups],
  );
  const filterBox = useRef<HTMLInputElement>(null);
  const { list, onKeyDown, rowProps, choose, focusList } = useListKeys({
    keys,
    selected,
    onSelect: selectTask,
    letters: { n: () => openTaskDialog({ kind: "new-task" }) },
    filter: filterBox,
  });
  const detail = tasks.find((task) => task.id === selected);

  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex h-11 shrink-0 items-center gap-2 px-3">
        <h1 className="sr-only">Tasks</h1>
        <BareInput
          label="Filter tasks"
          ref={filterBox}
          type="search"
          placeholder="Filter by id, title, state, label"
          className="max-w-64"
          value={filter}
          onChange={(event) => useTasksView.setState({ filter: event.target.value })}
          onKeyDown={(event) => {
            if (event.key === "Escape" || event.key === "Enter") focusList();
          }}
        />
        <SegmentedChoice
          label="Group tasks"
          choices={[
            ["plan", "By plan"],
            ["state", "By state"],
          ]}
          value={grouping}
          onChoose={(choice) => useTasksView.setState({ grouping: choice })}
        />
        <span className="text-faint text-xs">{formatCount(keys.length, "task")}</span>
        <div className="ml-auto flex gap-2">
          <Button icon={<FileInput size={14} />} onClick={() => openTaskDialog({ kind: "import" })}>
            Import list
          </Button>
          <Button
            icon={<ListPlus size={14} />}
            onClick={() => openTaskDialog({ kind: "new-plan" })}
          >
            New plan
          </Button>
          <Button
            kind="primary"
            icon={<Plus size={14} />}
            onClick={() => openTaskDialog({ kind: "new-task" })}
          >
            New task
          </Button>
        </div>
      </div>
      <div
        className="grid min-h-0 flex-1 gap-2 px-2 pb-2"
        style={{
          gridTemplateColumns: detail ? "minmax(0, 1fr) minmax(380px, 36%)" : "minmax(0, 1fr)",
        }}
      >
        {/* biome-ignore lint/a11y/noStaticElementInteractions: takes the keys that move in the list within. */}
        <div
          ref={list}
          onKeyDown={onKeyDown}
          className="@container min-h-0 overflow-y-auto rounded-lg border border-line bg-surface"
        >
          {groups.length === 0 && <NoTasks isFiltered={filter !== ""} />}
          <div className="flex flex-col">
            {groups.map((group, place) => (
              <PlanHeader key={group.key} group={group} order={2 * place} />
            ))}
            {/* One list of nothing but tasks; `order` is what puts each under its header. */}
            <ul aria-label="Tasks" className="contents">
              {groups.map((group, place) =>
                group.tasks.map((task) => (
                  <TaskRow
                    key={task.id}
                    task={task}
                    order={2 * place + 1}
                    isSelected={task.id === selected}
                    row={rowProps(task.id)}
                    onSelect={() => choose(task.id)}
                  />
                )),
              )}
            </ul>
          </div>
        </div>
        {detail && (
          <TaskDetail
            key={detail.id}
            task={detail}
            onClose={() => {
              selectTask(null);
              focusList();
            }}
            onOpenPane={onOpenPane}
          />
        )}
      </div>
    </div>
  );
}

function NoTasks({ isFiltered }: { readonly isFiltered: boolean }) {
  if (isFiltered) return <p className="p-8 text-center text-muted">No task matches the filter.</p>;
  return (
    <EmptyState
      icon={<ListChecks size={22} />}
      title="No tasks yet"
      actions={
        <>
          <Button kind="primary" onClick={() => openTaskDialog({ kind: "new-task" })}>
            New task
          </Button>
          <Button onClick={() => openTaskDialog({ kind: "import" })}>Import a list</Button>
        </>
      }
    >
      <p>
        Write down what should be done. Each task gets its own worktree and branch, and a worker as
        soon as a slot is free.
      </p>
    </EmptyState>
  );
}
