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
import type { ReactElement } from "react";
import type { InboxItem } from "../../../shared/model/inbox.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { call } from "../../client/connection.ts";
import { writeNote } from "./inbox-view-store.ts";
import { answerItem, type ItemAct, noteTitle, pushTitle } from "./item-acts.ts";

/** A button of a card. */
export interface ActButton {
  readonly text: string;
  readonly icon: ReactElement;
  /** What the list's keyboard presses it by. */
  readonly letter?: "a" | "d" | "r";
  readonly isPrimary?: boolean;
  readonly title?: string;
  /** Asked before it is done. */
  readonly confirmText?: string;
  /** Nothing to wait for: a field opens. */
  readonly open?: () => void;
  readonly ask?: () => Promise<unknown>;
}

/** Null where the item lacks what the act is about. */
export function actButton(item: InboxItem, act: ItemAct): ActButton | null {
  const { id, kind, session, task, entry, project } = item;
  const note = (noted: "deny" | "reply" | "return") => ({
    text: noteTitle(item, noted),
    open: () => writeNote({ item: id, act: noted }),
  });
  switch (act) {
    case "allow":
      return {
        text: kind === "plan" ? "Approve" : "Allow once",
        icon: <Check size={13} />,
        letter: "a",
        ...(kind === "gate" ? { confirmText: "Let it run?" } : { isPrimary: true }),
        ask: () => answerItem(item, { kind: "allow" }),
      };
    case "remember":
      return {
        text: "Allow and remember",
        icon: <CheckCheck size={13} />,
        title: "The same input of the same tool passes in this project without being asked again",
        confirmText: "Allow it from now on?",
        ask: () => answerItem(item, { kind: "allow", isRemembered: true }),
      };
    case "deny":
      return { ...note(act), icon: <X size={13} />, letter: "d" };
    case "reply":
      return { ...note(act), icon: <MessageSquare size={13} />, letter: "r" };
    case "return":
      return { ...note(act), icon: <Undo2 size={13} />, letter: "r" };
    case "retry":
      return (
        task && {
          text: "Retry",
          icon: <RotateCw size={13} />,
          letter: "a",
          ask: () => call("task.retry", { task }),
        }
      );
    case "interrupt":
      return (
        session && {
          text: "Interrupt",
          icon: <Hand size={13} />,
          ask: () => call("session.interrupt", { session }),
        }
      );
    case "stop":
      return (
        session && {
          text: "Stop",
          icon: <OctagonX size={13} />,
          confirmText: "Stop it?",
          ask: () => call("session.stop", { session }),
        }
      );
    case "approve":
      return (
        entry && {
          text: "Approve",
          icon: <Check size={13} />,
          letter: "a",
          isPrimary: true,
          confirmText: "Let it land?",
          ask: () => call("queue.approve", { entry }),
        }
      );
    case "release":
      return (
        entry && {
          text: "Try again",
          icon: <RotateCw size={13} />,
          letter: "a",
          isPrimary: true,
          ask: () => call("queue.release", { entry }),
        }
      );
    case "resume":
      return (
        project && {
          text: "Resume the queue",
          icon: <Play size={12} />,
          letter: "a",
          isPrimary: true,
          ask: () => call("queue.resume", { project }),
        }
      );
    case "push":
      return (
        project && {
          text: pushTitle(item),
          icon: <Upload size={12} />,
          letter: "a",
          isPrimary: true,
          ask: () => call("queue.push", { project }),
        }
      );
    default:
      return unreachable(act);
  }
}
