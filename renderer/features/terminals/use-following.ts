import { useEffect, useRef } from "react";
import type { Session } from "../../../shared/model/session.ts";
import { focusPane, useGridView } from "./grid-view-store.ts";
import { useLayouts } from "./layout-store.ts";
import { planFollow } from "./plan-follow.ts";

/** Takes the focus to what needs the person, where they asked for that. */
export function useFollowing(panes: readonly Session[]): void {
  const isFollowing = useLayouts((layouts) => layouts.isFollowing);
  const focused = useGridView((view) => view.focused);
  const visited = useRef(new Set<string>());
  const typedAt = useRef(-Infinity);

  useEffect(() => {
    const leaving = new AbortController();
    const note = () => {
      typedAt.current = performance.now();
    };
    addEventListener("keydown", note, { capture: true, signal: leaving.signal });
    return () => leaving.abort();
  }, []);

  useEffect(() => {
    const waiting = panes
      .filter(({ state }) => state === "needs-input")
      .toSorted((a, b) => a.since.localeCompare(b.since));
    const inNeed = waiting.map(({ id }) => id);
    for (const id of visited.current)
      if (!inNeed.some((each) => each === id)) visited.current.delete(id);
    if (focused !== null && inNeed.includes(focused)) visited.current.add(focused);
    if (!isFollowing) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const look = () => {
      const follow = planFollow({
        inNeed,
        visited: visited.current,
        focused,
        now: performance.now(),
        typedAt: typedAt.current,
        isInForm: isInForm(),
      });
      const to = follow.kind === "go" ? waiting.find(({ id }) => id === follow.to) : undefined;
      if (to) focusPane(to.id);
      else if (follow.kind === "wait") timer = setTimeout(look, follow.ms);
    };
    look();
    return () => {
      if (timer !== null) clearTimeout(timer);
    };
  }, [panes, focused, isFollowing]);
}

function isInForm(): boolean {
  const active = document.activeElement;
  if (document.querySelector("dialog[open]")) return true;
  return (
    active instanceof HTMLElement &&
    active.matches("input, textarea, select") &&
    !active.classList.contains("xterm-helper-textarea")
  );
}
