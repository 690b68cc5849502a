import { openInBrowser } from "./open-in-browser.ts";
import type { ServeOptions } from "./serve-options.ts";

interface RunningServer {
  readonly origin: string;
  makeLink(): string;
  readonly pid: number;
}

/** Says where the window is. Each place that gets a link gets its own: a code is good once. */
export function announce(server: RunningServer, options: ServeOptions): void {
  if (options.isJson) {
    const ready = { ready: true, url: server.makeLink(), pid: server.pid };
    process.stdout.write(`${JSON.stringify(ready)}\n`);
  } else {
    process.stdout.write(
      `Switchyard runs at ${server.origin} (process ${server.pid}, data in ${options.home}).\n` +
        `Open it within a minute: ${server.makeLink()}\n`,
    );
  }
  if (options.isOpening) openInBrowser(server.makeLink());
}
