import type { KeyAction } from "../../shared/model/key-actions.ts";
import type { Plan } from "../../shared/model/plan.ts";
import type { Profile } from "../../shared/model/profile.ts";
import type { QueueEntry } from "../../shared/model/queue-entry.ts";
import { isLive, type Session } from "../../shared/model/session.ts";
import type { Task } from "../../shared/model/task.ts";
import { unreachable } from "../../shared/model/unreachable.ts";
import { isMovable } from "../../shared/model/word-move.ts";
import { call } from "../client/connection.ts";
import { signIn } from "../features/profiles/profiles-view-store.ts";
import { actsFor, type EntryAct } from "../features/queue/entry-acts.ts";
import { askForReturn, askForTakeBack, showTab } from "../features/queue/queue-view-store.ts";
import { readTranscript, showLinks } from "../features/search/search-view-store.ts";
import { actsForTask, type TaskAct } from "../features/tasks/task-acts.ts";
import { openTaskDialog } from "../features/tasks/tasks-view-store.ts";
import {
  dismissPanes,
  moveSession,
  nameSession,
  replyTo,
  searchPane,
  toggleMaximised,
} from "../features/terminals/grid-view-store.ts";
import { useMirror } from "../mirror/mirror.ts";
import { openEntries } from "../mirror/selectors.ts";
import { goToMark } from "../terminal/go-to-mark.ts";
import { keysOf } from "../terminal/keymap.ts";
import { saveAsCast, saveAsText } from "../terminal/save-session.ts";
import { zoomPane } from "../terminal/terminal-settings.ts";
import { copyText } from "../ui/copy-text.ts";
import { toastDone } from "../ui/toasts.tsx";
import { act } from "../ui/use-action.ts";
import { type Command, make } from "./command.ts";
import { goToEntry, goToPane, goToTask } from "./go-to.ts";
import { showView } from "./view-store.ts";

// What can be done with one thing, whatever view is open. `keys` are for the one that is in use now.

export function sessionCommands(session: Session, isInUse = false): readonly Command[] {
  const { id, name } = session;
  const input = { session: id };
  const one = (verb: string, title: string, run: () => void, action?: KeyAction, isFinal = false) =>
    make("Terminals", `${verb}-${id}`, title, run, {
      ...(isInUse && action !== undefined ? keysOf(action) : {}),
      isFinal,
    });
  const inView = (run: () => void) => () => {
    goToPane(id);
    run();
  };
  const always = [
    one(
      "maximise",
      `Maximise ${name}, or back`,
      inView(() => toggleMaximised(id)),
      "maximise",
    ),
    one(
      "name",
      `Name and labels of ${name}`,
      inView(() => nameSession(id)),
    ),
    one(
      "search",
      `Search in ${name}`,
      inView(() => searchPane(id)),
      "search",
    ),
  ];
  const conversation = [
    one("transcript", `Transcript of ${name}`, () => readTranscript(id, null)),
    one("answer", `Copy the last answer of ${name}`, () =>
      act(async () => copyText((await call("session.answer", input)).text)),
    ),
    one(
      "previous-mark",
      `The prompt before, in ${name}`,
      inView(() => act(() => goToMark(id, -1))),
      "previous-mark",
    ),
    one(
      "next-mark",
      `The next prompt in ${name}`,
      inView(() => act(() => goToMark(id, 1))),
      "next-mark",
    ),
    one(
      "links",
      `Links in ${name}`,
      inView(() => showLinks(id)),
      "links",
    ),
    one("larger", `Larger letters in ${name}`, () => zoomPane(id, 1)),
    one("smaller", `Smaller letters in ${name}`, () => zoomPane(id, -1)),
    one("save-text", `Save ${name} as text`, () => act(() => saveAsText(session))),
    one("save-cast", `Save ${name} as a recording`, () => act(() => saveAsCast(session))),
  ];
  // An ended worker goes on with it, in a session of its own.
  const reply = one(
    "reply",
    `Reply to ${name}`,
    inView(() => replyTo(id)),
    "reply",
  );
  const move = isMovable(session)
    ? [
        one(
          "move",
          `Move the conversation of ${name} to another profile`,
          inView(() => moveSession(id)),
        ),
      ]
    : [];
  if (!isLive(session.state)) {
    return [
      ...always,
      ...conversation,
      ...move,
      ...(session.task === null ? [] : [reply]),
      one("respawn", `Continue the conversation of ${name}`, () =>
        act(() => call("session.respawn", input)),
      ),
      one("dismiss", `Dismiss ${name}`, () => dismissPanes([id])),
    ];
  }
  return [
    ...always,
    ...conversation,
    ...move,
    reply,
    one("interrupt", `Interrupt ${name}`, () => act(() => call("session.interrupt", input))),
    one("pin", session.pinned ? `Unpin ${name}` : `Pin ${name} to the front`, () =>
      act(() => call("session.pin", { ...input, isPinned: !session.pinned })),
    ),
    one(
      "restart",
      `Restart ${name} in its conversation`,
      () => act(() => call("session.restart", input)),
      undefined,
      true,
    ),
    one("stop", `Stop ${name}`, () => act(() => call("session.stop", input)), undefined, true),
  ];
}

export function taskCommands(task: Task): readonly Command[] {
  const { id, title } = task;
  const one = (wanted: TaskAct): Command => {
    switch (wanted) {
      case "retry":
        return make("Tasks", `${wanted}-${id}`, `Retry ${id} ${title}`, () =>
          act(() => call("task.retry", { task: id })),
        );
      case "edit":
        return make("Tasks", `${wanted}-${id}`, `Edit ${id} ${title}`, () => {
          goToTask(id);
          openTaskDialog({ kind: "edit-task", task: id });
        });
      case "cancel":
        return make(
          "Tasks",
          `${wanted}-${id}`,
          `Cancel ${id} ${title}`,
          () => act(() => call("task.cancel", { task: id })),
          { isFinal: true },
        );
      default:
        return unreachable(wanted);
    }
  };
  return actsForTask(task).map(one);
}

export function planCommands({ id, title, state }: Plan): readonly Command[] {
  if (state === "cancelled") return [];
  const cancel = () => act(() => call("plan.cancel", { plan: id }));
  return [
    state === "active"
      ? make("Plans", `pause-${id}`, `Pause plan ${title}`, () =>
          act(() => call("plan.pause", { plan: id })),
        )
      : make("Plans", `activate-${id}`, `Activate plan ${title}`, () =>
          act(() => call("plan.activate", { plan: id })),
        ),
    make("Plans", `cancel-${id}`, `Cancel plan ${title}`, cancel, { isFinal: true }),
  ];
}

export function entryCommands(entry: QueueEntry): readonly Command[] {
  const { id, position } = entry;
  const { entries, tasks } = useMirror.getState();
  const title = tasks.find((task) => task.id === entry.task)?.title ?? entry.branch;
  const input = { entry: id };
  const named = (verb: string, what: string, run: () => void, isFinal = false) =>
    make("Queue", `${verb}-${id}`, `${what} ${id} ${title}`, run, { isFinal });
  const request = (verb: string, what: string, send: () => Promise<unknown>, isFinal = false) =>
    named(verb, what, () => act(send), isFinal);
  const look = (tab: "diff" | "checks") => () => {
    goToEntry(id);
    showTab(tab);
  };
  const one = (wanted: EntryAct): Command => {
    switch (wanted) {
      case "approve":
        return request(wanted, "Approve", () => call("queue.approve", input));
      case "return":
        return named(wanted, "Return with a note", () => {
          goToEntry(id);
          askForReturn(id);
        });
      case "hotfix":
        return request(wanted, "Make a hot fix of", () =>
          call("queue.hotfix", { ...input, isOn: true }),
        );
      case "end-hotfix":
        return request(wanted, "End the hot fix", () =>
          call("queue.hotfix", { ...input, isOn: false }),
        );
      case "hold":
        return request(wanted, "Hold", () => call("queue.hold", input));
      case "release":
        return request(wanted, "Release", () => call("queue.release", input));
      case "retry":
        return request(wanted, "Queue again", () => call("queue.retry", input));
      case "move-up":
        return request(wanted, "Move up", () =>
          call("queue.move", { ...input, position: position - 1 }),
        );
      case "move-down":
        return request(wanted, "Move down", () =>
          call("queue.move", { ...input, position: position + 1 }),
        );
      case "remove":
        return request(wanted, "Remove", () => call("queue.remove", input), true);
      case "revert":
        return named(wanted, "Revert", () => {
          goToEntry(id);
          askForTakeBack({ kind: "revert", entry: id });
        });
      default:
        return unreachable(wanted);
    }
  };
  return [
    ...actsFor(entry, openEntries(entries, entry.project).length).map(one),
    named("diff", "Diff of", look("diff")),
    named("checks", "Checks of", look("checks")),
  ];
}

export function profileCommands({ name, state, account }: Profile): readonly Command[] {
  const isDisabled = state === "disabled";
  return [
    make("Profiles", `sign-in-${name}`, `Sign in to ${name}`, () => signIn(name)),
    make("Profiles", `check-${name}`, `Check ${name}`, () => act(() => checkProfile(name))),
    make("Profiles", `disable-${name}`, isDisabled ? `Enable ${name}` : `Disable ${name}`, () =>
      act(() => call("profile.set", { name, isDisabled: !isDisabled })),
    ),
    ...(account
      ? [
          make(
            "Profiles",
            `sign-out-${name}`,
            `Sign out of ${name}`,
            () => act(() => call("profile.logout", { name })),
            { isFinal: true },
          ),
        ]
      : []),
  ];
}

async function checkProfile(name: Profile["name"]): Promise<void> {
  const { profile, findings } = await call("profile.check", { name });
  const bad = findings.filter((finding) => finding.result === "bad");
  showView("profiles");
  toastDone(
    bad.length === 0
      ? `${name} was checked: ${profile.state}.`
      : `${name}: ${bad.map(({ name: what, detail }) => `${what} ${detail}`).join(" ")}`,
  );
}
