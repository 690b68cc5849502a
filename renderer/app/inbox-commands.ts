import type { InboxItem } from "../../shared/model/inbox.ts";
import { unreachable } from "../../shared/model/unreachable.ts";
import { call } from "../client/connection.ts";
import { writeNote } from "../features/inbox/inbox-view-store.ts";
import { actsForItem, answerItem, type ItemAct, noteTitle } from "../features/inbox/item-acts.ts";
import { act } from "../ui/use-action.ts";
import { type Command, make } from "./command.ts";
import { goToItem, openItem } from "./go-to.ts";
import { showView } from "./view-store.ts";

/** What can be done about one thing that waits, from wherever one is. */
export function itemCommands(item: InboxItem): readonly Command[] {
  const { id, kind, task, session } = item;
  const what = `${item.title}: ${item.text}`.slice(0, 140);
  const named = (verb: string, title: string, run: () => void, isFinal = false) =>
    make("Inbox", `${verb}-${id}`, `${title}: ${what}`, run, { isFinal });
  const request = (verb: string, title: string, send: () => Promise<unknown>, isFinal = false) =>
    named(verb, title, () => act(send), isFinal);
  const note = (verb: "deny" | "reply") => () => {
    showView("inbox");
    writeNote({ item: id, act: verb });
  };
  const one = (wanted: ItemAct): readonly Command[] => {
    switch (wanted) {
      case "allow": {
        const title = kind === "plan" ? "Approve the plan" : "Allow once";
        // A destructive command is let through by a second press, here as on its card.
        return [request(wanted, title, () => answerItem(item, { kind: "allow" }), kind === "gate")];
      }
      case "remember":
        return [
          request(
            wanted,
            "Allow and remember",
            () => answerItem(item, { kind: "allow", isRemembered: true }),
            true,
          ),
        ];
      case "deny":
      case "reply":
        return [named(wanted, noteTitle(item, wanted), note(wanted))];
      case "retry":
        return task ? [request(wanted, "Retry", () => call("task.retry", { task }))] : [];
      case "interrupt":
        return session
          ? [request(wanted, "Interrupt", () => call("session.interrupt", { session }))]
          : [];
      case "stop":
        return session
          ? [request(wanted, "Stop", () => call("session.stop", { session }), true)]
          : [];
      default:
        return unreachable(wanted);
    }
  };
  return [
    ...actsForItem(item).flatMap(one),
    ...(kind === "question" ? [named("answer", "Answer", () => goToItem(item))] : []),
    named("open", kind === "review" ? "Review" : "Open", () => openItem(item)),
  ];
}
