import { exitCodeOf, type SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { askForLink } from "./ask-for-link.ts";
import { openInBrowser } from "./open-in-browser.ts";
import type { ServeOptions } from "./serve-options.ts";

/**
 * Another core holds the data folder: says which, with a fresh link to its window, and answers with the exit code of a refusal.
 *
 * @param busy what `startCore` threw
 */
export async function pointToHolder(busy: SwitchyardError, options: ServeOptions): Promise<number> {
  const url = await askForLink(options.home);
  const hint = url === null ? busy.hint : `Its window: ${url}`;
  if (options.isJson) {
    const error = { code: busy.code, message: busy.message, hint };
    process.stderr.write(`${JSON.stringify({ error, url })}\n`);
  } else {
    process.stderr.write(hint === null ? `${busy.message}\n` : `${busy.message}\n${hint}\n`);
  }
  if (url !== null && options.isOpening) openInBrowser(url);
  return exitCodeOf(busy.code);
}
