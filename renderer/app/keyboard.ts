import { useMirror } from "../mirror/mirror.ts";
import { matchesKeys } from "../terminal/key-match.ts";
import { isForApp, useKeymap } from "../terminal/keymap.ts";
import { commandsNow } from "./commands.ts";

const isMac = navigator.platform.startsWith("Mac");

/** Runs the command whose keys are pressed. What a terminal, a field or a dialog takes for itself never arrives here. */
export function listenToKeys(signal: AbortSignal): void {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing || event.defaultPrevented || !useMirror.getState().isFilled) return;
    if (useKeymap.getState().isLocked && isInTerminal(event.target) && !isForApp(event)) return;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !/^F\d+$/.test(event.key);
    if (isPlain && isTakingText(event.target)) return;
    const command = commandsNow().find(
      (each) => each.keys !== undefined && matchesKeys(event, each.keys, isMac),
    );
    if (!command) return;
    event.preventDefault();
    command.run();
  };
  addEventListener("keydown", onKeyDown, { signal });
}

function isInTerminal(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".xterm") !== null;
}

function isTakingText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]")
  );
}
