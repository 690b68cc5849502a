import type { InboxItem } from "../../../shared/model/inbox.ts";
import { Button, ConfirmButton } from "../../ui/button.tsx";
import { KeyHint } from "../../ui/key-hint.tsx";
import { useAction } from "../../ui/use-action.ts";
import { actButton } from "./act-button.tsx";
import { actsForItem, type ItemAct } from "./item-acts.ts";

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
  const hint = (letter: string) =>
    isSelected && (
      <span aria-hidden="true">
        <KeyHint keys={letter} />
      </span>
    );
  const show = (act: ItemAct) => {
    const button = actButton(item, act);
    if (!button) return null;
    const { text, icon, letter, isPrimary, title, confirmText, open, ask } = button;
    const press = open ?? (() => ask && run(ask));
    const common = {
      isSmall: true,
      disabled: isBusy,
      icon,
      ...(title === undefined ? {} : { title }),
      kind: isPrimary ? "primary" : "plain",
      "data-letter": letter,
    } as const;
    const label = (
      <>
        {text} {letter && hint(letter)}
      </>
    );
    return confirmText ? (
      <ConfirmButton key={act} {...common} confirmText={confirmText} onConfirm={press}>
        {label}
      </ConfirmButton>
    ) : (
      <Button key={act} {...common} onClick={press}>
        {label}
      </Button>
    );
  };
  const acts = actsForItem(item);
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      {acts.map(show)}
      <Button
        isSmall
        kind={acts.length === 0 ? "plain" : "ghost"}
        className="ml-auto"
        onClick={onOpen}
      >
        {openText} {hint("Enter")}
      </Button>
    </div>
  );
}
