import { createInterface } from "node:readline";
import type { ServeOptions } from "./serve-options.ts";

/** A link is good for a minute and one window: in a terminal, Enter prints another. */
export function offerFreshLinks(makeLink: () => string, options: ServeOptions): Disposable {
  if (options.isJson || !process.stdin.isTTY) return { [Symbol.dispose]() {} };
  process.stdout.write("Press Enter for a fresh link, Ctrl-C to end. Sessions go on either way.\n");
  const lines = createInterface({ input: process.stdin });
  lines.on("line", () => process.stdout.write(`${makeLink()}\n`));
  return { [Symbol.dispose]: () => lines.close() };
}
