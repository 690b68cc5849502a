import {
  Check,
  CheckCheck,
  Hand,
  MessageSquare,
  OctagonX,
  Play,
  RotateCw,
  Undo2,
  Upload,
  X,
} from "lucide-react";
import type { ReactNode } from "react";
import type { InboxItem } from "../../../shared/model/inbox.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { call } from "../../client/connection.ts";
import { Button, ConfirmButton } from "../../ui/button.tsx";
import { KeyHint } from "../../ui/key-hint.tsx";
import { useAction } from "../../ui/use-action.ts";
import { writeNote } from "./inbox-view-store.ts";
import { actsForItem, answerItem, type ItemAct, noteTitle } from "./item-acts.ts";

/** The buttons of a card. Those with `data-letter` are what the list's letters press. */
export function ItemActions({
  item,
  isSelected,
  onOpen,
  openText,
}: {
  readonly item: InboxItem;
  readonly isSelected: boolean;
  readonly onOpen: () => void;
  readonly openText: string;
}) {
  const { run, isBusy } = useAction();
  const { id, kind, session, task, entry, project } = item;
  const hint = (letter: string) =>
    isSelected && (
      <span aria-hidden="true">
        <KeyHint keys={letter} />
      </span>
    );
  const show = (act: ItemAct): ReactNode => {
    const common = { isSmall: true, disabled: isBusy } as const;
    switch (act) {
      case "allow": {
        const allow = () => run(() => answerItem(item, { kind: "allow" }));
        const text = kind === "plan" ? "Approve" : "Allow once";
        if (kind !== "gate") {
          return (
            <Button
              key={act}
              {...common}
              kind="primary"
              icon={<Check size={13} />}
              data-letter="a"
              onClick={allow}
            >
              {text} {hint("a")}
            </Button>
          );
        }
        return (
          <ConfirmButton
            key={act}
            {...common}
            icon={<Check size={13} />}
            data-letter="a"
            confirmText="Let it run?"
            onConfirm={allow}
          >
            {text} {hint("a")}
          </ConfirmButton>
        );
      }
      case "remember":
        return (
          <ConfirmButton
            key={act}
            {...common}
            icon={<CheckCheck size={13} />}
            title="The same input of the same tool passes in this project without being asked again"
            confirmText="Allow it from now on?"
            onConfirm={() => run(() => answerItem(item, { kind: "allow", isRemembered: true }))}
          >
            Allow and remember
          </ConfirmButton>
        );
      case "deny":
        return (
          <Button
            key={act}
            {...common}
            icon={<X size={13} />}
            data-letter="d"
            onClick={() => writeNote({ item: id, act })}
          >
            {noteTitle(item, act)} {hint("d")}
          </Button>
        );
      case "reply":
        return (
          <Button
            key={act}
            {...common}
            icon={<MessageSquare size={13} />}
            data-letter="r"
            onClick={() => writeNote({ item: id, act })}
          >
            {noteTitle(item, act)} {hint("r")}
          </Button>
        );
      case "retry":
        return (
          task && (
            <Button
              key={act}
              {...common}
              data-letter="a"
              icon={<RotateCw size={13} />}
              onClick={() => run(() => call("task.retry", { task }))}
            >
              Retry {hint("a")}
            </Button>
          )
        );
      case "interrupt":
        return (
          session && (
            <Button
              key={act}
              {...common}
              icon={<Hand size={13} />}
              onClick={() => run(() => call("session.interrupt", { session }))}
            >
              Interrupt
            </Button>
          )
        );
      case "stop":
        return (
          session && (
            <ConfirmButton
              key={act}
              {...common}
              icon={<OctagonX size={13} />}
              confirmText="Stop it?"
              onConfirm={() => run(() => call("session.stop", { session }))}
            >
              Stop
            </ConfirmButton>
          )
        );
      case "approve":
        return (
          entry && (
            <ConfirmButton
              key={act}
              {...common}
              kind="primary"
              icon={<Check size={13} />}
              data-letter="a"
              confirmText="Let it land?"
              onConfirm={() => run(() => call("queue.approve", { entry }))}
            >
              Approve {hint("a")}
            </ConfirmButton>
          )
        );
      case "return":
        return (
          <Button
            key={act}
            {...common}
            icon={<Undo2 size={13} />}
            data-letter="r"
            onClick={() => writeNote({ item: id, act })}
          >
            {noteTitle(item, act)} {hint("r")}
          </Button>
        );
      case "release":
        return (
          entry && (
            <Button
              key={act}
              {...common}
              kind="primary"
              icon={<RotateCw size={13} />}
              data-letter="a"
              onClick={() => run(() => call("queue.release", { entry }))}
            >
              Try again {hint("a")}
            </Button>
          )
        );
      case "resume":
        return (
          project && (
            <Button
              key={act}
              {...common}
              kind="primary"
              icon={<Play size={12} />}
              data-letter="a"
              onClick={() => run(() => call("queue.resume", { project }))}
            >
              Resume the queue {hint("a")}
            </Button>
          )
        );
      case "push":
        return (
          project && (
            <Button
              key={act}
              {...common}
              kind="primary"
              icon={<Upload size={12} />}
              data-letter="a"
              onClick={() => run(() => call("queue.push", { project }))}
            >
              Push again {hint("a")}
            </Button>
          )
        );
      default:
        return unreachable(act);
    }
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {actsForItem(item).map(show)}
      <Button
        isSmall
        kind={actsForItem(item).length === 0 ? "plain" : "ghost"}
        className="ml-auto"
        onClick={onOpen}
      >
        {openText} {hint("Enter")}
      </Button>
    </div>
  );
}
