import { Inbox } from "lucide-react";
import { useEffect, useRef } from "react";
import { inboxOf } from "../../../shared/contract/inbox-of.ts";
import type { ProfileName } from "../../../shared/model/ids.ts";
import type { InboxItem } from "../../../shared/model/inbox.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatCount } from "../../ui/format-amount.ts";
import { useListKeys } from "../../ui/use-list-keys.ts";
import { InboxCard } from "./inbox-card.tsx";
import { selectItem, useInboxView } from "./inbox-view-store.ts";
import { DIGITS } from "./question-form.tsx";

/** Everything that waits for the person, of all projects; most of it is answered right here. */
export function InboxView({
  onOpen,
  onSignIn,
}: {
  readonly onOpen: (item: InboxItem) => void;
  readonly onSignIn: (profile: ProfileName) => void;
}) {
  const items = useMirror(inboxOf);
  const selected = useInboxView((view) => view.selected);
  const isNoting = useInboxView((view) => view.note !== null);
  const keys = items.map((item) => item.id);
  const current = items.find((item) => item.id === selected) ?? items[0];
  const press = (letter: string) => () =>
    list.current
      ?.querySelector<HTMLElement>(`li:has([data-key="${current?.id}"]) [data-letter="${letter}"]`)
      ?.click();
  const { list, onKeyDown, rowProps, focusList } = useListKeys({
    keys,
    selected,
    onSelect: selectItem,
    // A letter presses the card's own button, so that both do the same.
    letters: {
      a: press("a"),
      d: press("d"),
      r: press("r"),
      ...Object.fromEntries(DIGITS.map((digit) => [digit, press(digit)])),
    },
  });
  useNextWhenGone(keys, selected);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever was sent here by a key or a notification, or whose card is gone, goes on by keys.
  useEffect(() => {
    if (selected !== null && !isInCard(selected)) focusList();
  }, [selected, isNoting, keys.length]);

  if (items.length === 0) return <NothingWaits />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: takes the keys that move in the list within.
    <div ref={list} onKeyDown={onKeyDown} className="h-full overflow-y-auto px-3 py-3">
      <div className="mx-auto flex max-w-4xl flex-col gap-2.5">
        <h1 className="text-muted text-sm">
          {formatCount(items.length, "thing waits", "things wait")} for you, the oldest first
        </h1>
        <ul aria-label="Inbox" className="flex flex-col gap-2.5">
          {items.map((item) => (
            <InboxCard
              key={item.id}
              item={item}
              isSelected={item.id === current?.id}
              row={rowProps(item.id)}
              onSelect={() => selectItem(item.id)}
              onOpen={() => onOpen(item)}
              onSignIn={onSignIn}
            />
          ))}
        </ul>
      </div>
    </div>
  );
}

/** When the selected card goes, whoever answered it, the one that takes its place is selected. */
function useNextWhenGone(keys: readonly string[], selected: string | null): void {
  const place = useRef(0);
  useEffect(() => {
    const at = selected === null ? -1 : keys.indexOf(selected);
    if (at >= 0) place.current = at;
    else if (selected !== null && keys.length > 0) {
      selectItem(keys[Math.min(place.current, keys.length - 1)] ?? null);
    }
  }, [keys, selected]);
}

/** Whether the keyboard is in this card, or in a field somewhere: then it stays there. */
function isInCard(item: string): boolean {
  const active = document.activeElement;
  if (active?.matches("input, textarea, select"))
    return !active.classList.contains("xterm-helper-textarea");
  return Boolean(active?.closest("li")?.querySelector(`[data-key="${item}"]`));
}

function NothingWaits() {
  return (
    <EmptyState icon={<Inbox size={22} />} title="Nothing waits for you">
      <p>
        Permissions, questions, plans, finished work to review and whatever got stuck come here, and
        most of it is answered from here.
      </p>
    </EmptyState>
  );
}
