import {
  ArrowDown,
  ArrowUp,
  Check,
  History,
  Pause,
  Play,
  RotateCw,
  Undo2,
  Zap,
  ZapOff,
} from "lucide-react";
import type { ReactNode } from "react";
import type { SessionId, TaskId } from "../../../shared/model/ids.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { call } from "../../client/connection.ts";
import { Button, ConfirmButton, IconButton } from "../../ui/button.tsx";
import { useAction } from "../../ui/use-action.ts";
import { useDraftsOf } from "./comment-drafts.ts";
import { returnText } from "./comment-list.tsx";
import { actsFor, type EntryAct } from "./entry-acts.ts";
import { askForReturn, askForTakeBack, selectEntry } from "./queue-view-store.ts";
import { useSubjectOf } from "./use-subject-of.ts";

export function EntryActions({
  entry,
  queueLength,
  session,
  onOpenTask,
  onOpenPane,
}: {
  readonly entry: QueueEntry;
  readonly queueLength: number;
  readonly session: SessionId | null;
  readonly onOpenTask: (task: TaskId) => void;
  readonly onOpenPane: (session: SessionId) => void;
}) {
  const { run, isBusy } = useAction();
  const id = entry.id;
  const commentCount = useDraftsOf(useSubjectOf(entry)).filter((each) => !each.isOutdated).length;
  const button = (
    text: string,
    icon: ReactNode,
    request: () => Promise<unknown>,
    isPrimary = false,
  ) => (
    <Button
      key={text}
      isSmall
      kind={isPrimary ? "primary" : "plain"}
      disabled={isBusy}
      icon={icon}
      onClick={() => run(request)}
    >
      {text}
    </Button>
  );
  const move = (label: string, icon: ReactNode, by: number) => (
    <IconButton
      key={label}
      label={label}
      isSmall
      disabled={isBusy}
      onClick={() => run(() => call("queue.move", { entry: id, position: entry.position + by }))}
    >
      {icon}
    </IconButton>
  );
  const show = (act: EntryAct): ReactNode => {
    switch (act) {
      case "approve":
        return button(
          "Approve",
          <Check size={13} />,
          () => call("queue.approve", { entry: id }),
          true,
        );
      case "return":
        return (
          <Button key={act} isSmall icon={<Undo2 size={13} />} onClick={() => askForReturn(id)}>
            {returnText(commentCount)}
          </Button>
        );
      case "hotfix":
        return button("Hot fix", <Zap size={13} />, () =>
          call("queue.hotfix", { entry: id, isOn: true }),
        );
      case "end-hotfix":
        return button("End hot fix", <ZapOff size={13} />, () =>
          call("queue.hotfix", { entry: id, isOn: false }),
        );
      case "hold":
        return button("Hold", <Pause size={12} />, () => call("queue.hold", { entry: id }));
      case "release":
        return button(
          "Release",
          <Play size={12} />,
          () => call("queue.release", { entry: id }),
          true,
        );
      case "retry":
        return button("Queue again", <RotateCw size={13} />, async () => {
          const made = await call("queue.retry", { entry: id });
          selectEntry(made.id);
        });
      case "move-up":
        return move("Move up", <ArrowUp size={14} />, -1);
      case "move-down":
        return move("Move down", <ArrowDown size={14} />, 1);
      case "remove":
        return (
          <ConfirmButton
            key={act}
            isSmall
            disabled={isBusy}
            confirmText="Remove it?"
            onConfirm={() => run(() => call("queue.remove", { entry: id }))}
          >
            Remove
          </ConfirmButton>
        );
      case "revert":
        return (
          <Button
            key={act}
            isSmall
            icon={<History size={13} />}
            onClick={() => askForTakeBack({ kind: "revert", entry: id })}
          >
            Revert
          </Button>
        );
      default:
        return unreachable(act);
    }
  };
  return (
    <>
      {actsFor(entry, queueLength).map(show)}
      <span className="ml-auto flex gap-1">
        <Button isSmall kind="ghost" onClick={() => onOpenTask(entry.task)}>
          Task {entry.task}
        </Button>
        {session && (
          <Button isSmall kind="ghost" onClick={() => onOpenPane(session)}>
            Terminal
          </Button>
        )}
      </span>
    </>
  );
}
