import { type KeyboardEvent, type RefObject, useCallback, useEffect, useRef } from "react";
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
  const focusList = () => rowIn(list, current)?.focus();

  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the list appears, or its first row does.
  useEffect(() => {
    const active = document.activeElement;
    // Who came by the navigation came for the list; a field or a terminal keeps the keyboard.
    if (active === document.body || active?.closest("nav")) focusList();
  }, [keys.length === 0]);
  useEffect(() => {
    // Chosen elsewhere, it is brought into view once.
    if (selected !== null) rowIn(list, selected)?.scrollIntoView({ block: "nearest" });
  }, [selected]);

  // The same for as long as it does the same, so that rows that did not change are not drawn again.
  const choose = useCallback(
    (key: Key | null) => {
      onSelect(key);
      rowIn(list, key ?? current)?.focus();
    },
    [onSelect, current],
  );
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
  return {
    list,
    onKeyDown,
    current,
    rowProps: (key: Key) => rowProps(key, key === current),
    choose,
    focusList,
  };
}

/** Of the element of a row that takes its keys. */
export function rowProps(key: string, isCurrent: boolean) {
  return { "data-key": key, tabIndex: isCurrent ? 0 : -1 };
}

export type RowProps = ReturnType<typeof rowProps>;

function rowIn(list: RefObject<HTMLElement | null>, key: string | null): HTMLElement | null {
  return list.current?.querySelector<HTMLElement>(`[data-key="${key}"]`) ?? null;
}
