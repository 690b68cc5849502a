import type { Terminal } from "xterm";

/** What xterm 6.0.0 keeps behind its public interface and leaves to an idle moment of the window. */
interface IdleWork {
  readonly _renderService: { readonly _pausedResizeTask: { flush(): void } } | undefined;
  readonly _bufferService: {
    readonly buffers: Readonly<Record<"normal" | "alt", BufferWork>>;
  };
}
interface BufferWork {
  readonly _memoryCleanupQueue: { clear(): void };
}

/**
 * Ends a terminal for good. xterm 6.0.0 takes back the work that waits for an idle moment only in part (xtermjs/xterm.js#5818), and a
 * window in which much is printed has none for minutes: until then that work keeps the closed terminal with all its rows.
 */
export function disposeTerminal(terminal: Terminal): void {
  terminal.dispose();
  // Without a renderer it resizes nothing.
  idleWorkOf(terminal)._renderService?._pausedResizeTask.flush();
  dropBufferWork(terminal);
}

/** A reset, with which each whole screen begins, puts other buffers in place of these, whose work nobody could take back then. */
export function dropBufferWorkAtReset(terminal: Terminal): void {
  terminal.parser.registerEscHandler({ final: "c" }, () => {
    dropBufferWork(terminal);
    return false;
  });
}

function dropBufferWork(terminal: Terminal): void {
  const { normal, alt } = idleWorkOf(terminal)._bufferService.buffers;
  for (const buffer of [normal, alt]) buffer._memoryCleanupQueue.clear();
}

function idleWorkOf(terminal: Terminal): IdleWork {
  // The version of xterm is pinned, its bundle keeps property names, and a test in a browser closes terminals that have such work.
  return (terminal as unknown as { readonly _core: IdleWork })._core;
}
