import type { ProfileName } from "../../../shared/model/ids.ts";
import type { InboxItem } from "../../../shared/model/inbox.ts";
import type { Task } from "../../../shared/model/task.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { useProfileHue } from "../../mirror/profile-hue.ts";
import { Age } from "../../ui/age.tsx";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { NameChip } from "../../ui/name-chip.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import type { RowProps } from "../../ui/use-list-keys.ts";
import { useInboxView, writeNote } from "./inbox-view-store.ts";
import { ItemActions } from "./item-actions.tsx";
import { isAtRest } from "./item-acts.ts";
import { ItemContent } from "./item-content.tsx";
import { itemLook } from "./item-look.ts";
import { NoteBox } from "./note-box.tsx";

/** One thing that waits, with all that is needed to answer it. */
export function InboxCard({
  item,
  isSelected,
  row,
  onSelect,
  onOpen,
  onSignIn,
}: {
  readonly item: InboxItem;
  readonly isSelected: boolean;
  readonly row: RowProps;
  readonly onSelect: () => void;
  readonly onOpen: () => void;
  readonly onSignIn: (profile: ProfileName) => void;
}) {
  const note = useInboxView((view) => (view.note?.item === item.id ? view.note : null));
  const profile = useMirror(
    (mirror) => mirror.sessions.find((session) => session.id === item.session)?.profile,
  );
  const signedOut = useMirror((mirror) => signInOf(mirror.tasks, item));
  const hasProjects = useMirror((mirror) => mirror.projects.length > 1);
  const hue = useProfileHue(profile);
  return (
    <li
      // A press on one of its buttons selects the card as well.
      onFocusCapture={isSelected ? undefined : onSelect}
      className={classNames(
        "shrink-0 overflow-hidden rounded-lg border bg-surface",
        isSelected ? "border-accent ring-1 ring-accent" : "border-line",
      )}
    >
      <header className="flex min-h-9 items-center gap-2.5 border-line border-b px-4 py-1.5">
        <StateMark look={itemLook[item.kind]} isBoxed />
        <button
          type="button"
          aria-current={isSelected}
          onClick={onOpen}
          className="min-w-0 truncate text-left font-semibold outline-none"
          {...row}
        >
          {item.title}
        </button>
        <span className="ml-auto flex shrink-0 items-center gap-3 text-faint text-xs">
          {hasProjects && item.project && <span>{item.project}</span>}
          <span className="font-mono">{item.entry ?? item.task ?? item.session}</span>
          {profile && <NameChip name={profile} hue={hue} />}
          <Age since={item.since} className="min-w-8 text-right tabular-nums" />
        </span>
      </header>
      <div className="flex flex-col gap-2.5 px-4 py-3">
        <ItemContent item={item} isSelected={isSelected} />
        {signedOut && (
          <Button isSmall kind="primary" className="self-start" onClick={() => onSignIn(signedOut)}>
            Sign in to {signedOut}
          </Button>
        )}
        <ItemActions
          item={item}
          isSelected={isSelected}
          onOpen={onOpen}
          openText={openText(item)}
        />
      </div>
      {note && <NoteBox item={item} act={note.act} onClose={() => writeNote(null)} />}
    </li>
  );
}

/** The profile whose sign-in is all that the item's task waits for. */
function signInOf(tasks: readonly Task[], { kind, task }: InboxItem): ProfileName | null {
  if (kind !== "stuck") return null;
  const stuck = tasks.find((each) => each.id === task);
  return stuck?.reason?.startsWith("sign-in: ") ? stuck.profile : null;
}

function openText(item: InboxItem): string {
  if (isAtRest(item)) return "Open task";
  switch (item.kind) {
    case "permission":
    case "gate":
    case "question":
    case "plan":
    case "watchdog":
      return "Open terminal";
    case "dialog":
      return "Answer in its terminal";
    case "blocked":
      return "Open task";
    case "stuck":
      if (item.entry) return "Look at it in the queue";
      return item.task || item.session ? "Open task" : "Open the queue";
    case "review":
      return "Look at the diff";
    default:
      return unreachable(item.kind);
  }
}
