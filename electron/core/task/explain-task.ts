import type { TaskId } from "../../../shared/model/ids.ts";
import { isOver, type Task } from "../../../shared/model/task.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import type { DispatchPlan, Hindrance } from "./plan-dispatch.ts";

export interface Reason {
  readonly kind: string;
  readonly text: string;
  readonly subject: string | null;
}

export interface ExplainView {
  readonly task: Task;
  readonly find: (id: TaskId) => Pick<Task, "id" | "title" | "status"> | undefined;
  readonly plan: DispatchPlan;
  /** Why no profile takes it now, one sentence a profile; null when one would. */
  readonly noPlace: readonly Reason[] | null;
  /** Why its queue entry has not landed yet. */
  readonly entry: Reason | null;
  /** What its session waits for before it is started, or why it is stopped until the person says something; null while it works. */
  readonly session: Reason | null;
  /** What stops dispatch as a whole, e.g. no running app. */
  readonly halted: Reason | null;
}

/** Says for a task why it is not running: one sentence for each thing in its way, none while it is worked on or has landed. */
export function explainTask(view: ExplainView): readonly Reason[] {
  const { task } = view;
  switch (task.status) {
    case "running":
      return view.session ? [view.session] : [];
    case "landed":
      return [];
    case "draft":
      return [
        {
          kind: "draft",
          text: "Its plan is a draft; activate the plan to start it.",
          subject: task.plan,
        },
      ];
    case "waiting":
      return task.after.flatMap((needed) => explainDependency(view.find(needed), needed));
    case "ready":
      return explainReady(view);
    case "queued":
      return [
        view.entry ?? { kind: "queued", text: "Its branch is in the merge queue.", subject: null },
      ];
    case "parked":
    case "needs-input":
    case "failed":
      return [
        {
          kind: task.status,
          text: sentence(task.reason ?? "no reason was recorded"),
          subject: task.session,
        },
        ...(view.session && task.status === "needs-input" ? [view.session] : []),
      ];
    case "cancelled":
      return [
        { kind: "cancelled", text: "It was cancelled; retry it to start it again.", subject: null },
      ];
    default:
      return unreachable(task.status);
  }
}

function explainDependency(
  needed: Pick<Task, "id" | "title" | "status"> | undefined,
  id: TaskId,
): Reason[] {
  if (!needed)
    return [
      {
        kind: "dependency",
        text: `It waits for ${id}, which does not exist any more.`,
        subject: id,
      },
    ];
  if (needed.status === "landed") return [];
  const hint = isOver(needed.status) ? ` and will not land unless it is retried` : "";
  return [
    {
      kind: "dependency",
      text: `It waits for ${id} (${needed.title}), which is ${needed.status}${hint}.`,
      subject: id,
    },
  ];
}

function explainReady({ task, plan, noPlace, halted }: ExplainView): readonly Reason[] {
  const hindrance = plan.held.get(task.id);
  // Places that tasks before it would take are not what it waits for while these cannot start either.
  const isTurnOnly =
    (hindrance?.kind === "max-workers" || hindrance?.kind === "hours") &&
    hindrance.running < hindrance.limit;
  const isFirst = !hindrance || (isTurnOnly && (halted !== null || noPlace !== null));
  const reasons = isFirst ? (noPlace ?? []) : [explainHindrance(hindrance)];
  if (halted) return [halted, ...reasons];
  if (reasons.length > 0) return reasons;
  const ahead = plan.order.indexOf(task.id);
  return [
    {
      kind: "next",
      text: ahead > 0 ? `It is about to start, after ${ahead} others.` : "It is about to start.",
      subject: null,
    },
  ];
}

function explainHindrance(hindrance: Hindrance): Reason {
  switch (hindrance.kind) {
    case "plan":
      return {
        kind: "plan",
        text: `Its plan ${hindrance.plan} is ${hindrance.state}.`,
        subject: hindrance.plan,
      };
    case "paths":
      return {
        kind: "paths",
        text: `${hindrance.holder} works on ${hindrance.path}, which this task names too.`,
        subject: hindrance.holder,
      };
    case "conflict":
      return { kind: "conflict", text: describeConflict(hindrance), subject: hindrance.holder };
    case "max-workers":
      return {
        kind: "max-workers",
        text: `The project may run ${hindrance.limit} ${hindrance.limit === 1 ? "worker" : "workers"} at once, and ${hindrance.running < hindrance.limit ? "those that run or start before it take all the places" : "all of these places are taken"}.`,
        subject: null,
      };
    case "hours":
      return { kind: "hours", text: describeHours(hindrance), subject: null };
    default:
      return unreachable(hindrance);
  }
}

function describeConflict({
  holder,
  files,
  count,
}: Extract<Hindrance, { kind: "conflict" }>): string {
  const more = count > files.length ? ` and ${count - files.length} more` : "";
  const where = `${count} ${count === 1 ? "file" : "files"} (${files.join(", ")}${more})`;
  return `Its branch will conflict with that of ${holder} in ${where}, so it goes out once that one has landed or is over.`;
}

function describeHours({ limit, running, until }: Extract<Hindrance, { kind: "hours" }>): string {
  const end = until === null ? "" : ` until ${until}`;
  if (limit === 0) return `Working hours allow no worker${end}.`;
  const workers = `${limit} ${limit === 1 ? "worker" : "workers"} at once`;
  const taken =
    running < limit
      ? "those that run or start before it take all the places"
      : "all of these places are taken";
  return `Working hours allow ${workers}${end}, and ${taken}.`;
}

function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
