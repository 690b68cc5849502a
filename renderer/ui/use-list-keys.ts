import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import { moveInList } from "./move-in-list.ts";

/**
 * Gives a list one place in the tab order, its current row, and its single-letter keys: j and k (or the arrows) move, Home and
 * End go to its ends, Escape lets go, / goes to the filter, and `letters` are the list's own. Each row has one element with
 * `rowProps`; Enter on it is its own press.
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
  const current = selected !== null && keys.includes(selected) ? selected : (keys[0] ?? null);
  const rowOf = (key: Key | null) =>
    list.current?.querySelector<HTMLElement>(`[data-key="${key}"]`) ?? null;
  const focusList = () => rowOf(current)?.focus();

  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the list appears, or its first row does.
  useEffect(() => {
    const active = document.activeElement;
    // Who came by the navigation came for the list; a field or a terminal keeps the keyboard.
    if (active === document.body || active?.closest("nav")) focusList();
  }, [keys.length === 0]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a row that was chosen elsewhere is brought into view once.
  useEffect(() => {
    if (selected !== null) rowOf(selected)?.scrollIntoView({ block: "nearest" });
  }, [selected]);

  const choose = (key: Key | null) => {
    onSelect(key);
    rowOf(key ?? current)?.focus();
  };
  const own = (key: string, isInList: boolean): (() => void) | null => {
    // Beside the list the arrows and their like scroll what is there.
    if (!isInList && /^(Arrow|Home|End)/.test(key)) return null;
    switch (key) {
      case "j":
      case "ArrowDown":
        return () => choose(moveInList(keys, selected, 1));
      case "k":
      case "ArrowUp":
        return () => choose(moveInList(keys, selected, -1));
      case "Home":
        return () => choose(keys[0] ?? null);
      case "End":
        return () => choose(keys.at(-1) ?? null);
      case "Escape":
        return () => choose(null);
      case "/":
        return () => filter?.current?.focus();
      default:
        return null;
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target as HTMLElement; // The list listens to its own elements only.
    if (target.matches("input, textarea, select")) return;
    const isInList = list.current?.contains(target) ?? false;
    const act = letters[event.key] ?? own(event.key, isInList);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  const rowProps = (key: Key) => ({ "data-key": key, tabIndex: key === current ? 0 : -1 });
  return { list, onKeyDown, rowProps, choose, focusList };
}

export type RowProps = ReturnType<ReturnType<typeof useListKeys>["rowProps"]>;
