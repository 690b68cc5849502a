import { Pause, Play } from "lucide-react";
import type { Plan } from "../../../shared/model/plan.ts";
import { call } from "../../client/connection.ts";
import { planLook } from "../../mirror/state-look.ts";
import { Button, ConfirmButton } from "../../ui/button.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { useAction } from "../../ui/use-action.ts";
import type { TaskGroup } from "./group-tasks.ts";

/** Stands above the tasks of its group; `order` is its place among rows and headers. */
export function PlanHeader({
  group,
  order,
}: {
  readonly group: TaskGroup;
  readonly order: number;
}) {
  const landed = group.tasks.filter((task) => task.status === "landed").length;
  return (
    <div
      style={{ order }}
      className="sticky top-0 z-10 flex h-8.5 shrink-0 items-center gap-3 border-line border-b bg-sunken px-3"
    >
      <span className="truncate font-semibold">{group.title}</span>
      {group.plan && <StateMark look={planLook[group.plan.state]} />}
      <span className="shrink-0 text-faint text-xs">
        {group.plan ? countLanded(landed, group.tasks.length) : group.tasks.length}
      </span>
      {group.plan && <PlanActions plan={group.plan} />}
    </div>
  );
}

function countLanded(landed: number, tasks: number): string {
  return tasks === 0 ? "No tasks in this plan yet" : `${landed} of ${tasks} landed`;
}

function PlanActions({ plan }: { readonly plan: Plan }) {
  const { run, isBusy } = useAction();
  if (plan.state === "cancelled") return null;
  return (
    <div className="ml-auto flex gap-1">
      {plan.state === "active" ? (
        <Button
          isSmall
          kind="ghost"
          disabled={isBusy}
          icon={<Pause size={12} />}
          onClick={() => run(() => call("plan.pause", { plan: plan.id }))}
        >
          Pause
        </Button>
      ) : (
        <Button
          isSmall
          kind="ghost"
          disabled={isBusy}
          icon={<Play size={12} />}
          onClick={() => run(() => call("plan.activate", { plan: plan.id }))}
        >
          Activate
        </Button>
      )}
      <ConfirmButton
        isSmall
        kind="ghost"
        disabled={isBusy}
        confirmText="Cancel the plan?"
        onConfirm={() => run(() => call("plan.cancel", { plan: plan.id }))}
      >
        Cancel plan
      </ConfirmButton>
    </div>
  );
}
