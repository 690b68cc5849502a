import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import { moveInList } from "./move-in-list.ts";

/**
 * Gives a list its single-letter keys: j and k (or the arrows) move, Escape lets go, / goes to the filter, and `letters` are the
 * list's own. They act only while the list itself has the focus, which it takes when it appears.
 */
export function useListKeys<Key extends string>({
  keys,
  selected,
  onSelect,
  letters = {},
  filter,
}: {
  readonly keys: readonly Key[];
  readonly selected: Key | null;
  readonly onSelect: (key: Key | null) => void;
  readonly letters?: Readonly<Record<string, () => void>>;
  readonly filter?: RefObject<HTMLInputElement | null>;
}) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const active = document.activeElement;
    // Who came by the navigation came for the list; a field or a terminal keeps the keyboard.
    if (active === document.body || active?.closest("nav")) list.current?.focus();
  }, []);
  useEffect(() => {
    if (selected === null) return;
    list.current?.querySelector(`[data-key="${selected}"]`)?.scrollIntoView({ block: "nearest" });
  }, [selected]);

  const own = (key: string, isOnList: boolean): (() => void) | null => {
    switch (key) {
      case "j":
      case "ArrowDown":
        return () => onSelect(moveInList(keys, selected, 1));
      case "k":
      case "ArrowUp":
        return () => onSelect(moveInList(keys, selected, -1));
      case "Escape":
        return () => onSelect(null);
      case "/":
        return () => filter?.current?.focus();
      case "Enter":
        // On a button within the list, Enter presses that button.
        return isOnList ? () => onSelect(selected ?? keys[0] ?? null) : null;
      default:
        return null;
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement; // The list listens to its own elements only.
    if (target.matches("input, textarea, select")) return;
    const act = letters[event.key] ?? own(event.key, target === list.current);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return { list, onKeyDown };
}
