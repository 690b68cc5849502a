import { CastWriter } from "../../shared/model/write-cast.ts";
import type { CommandContext } from "./command-runner.ts";

const PAGE_BYTES = 256 * 1024;
/** What a terminal is where nobody has said how large it was. */
const USUAL = { cols: 120, rows: 40 } as const;

/** Prints a session's log as an asciicast recording, page by page: a log can be larger than what fits in memory twice. */
export async function exportCast(
  { ask, surroundings }: CommandContext,
  session: string,
): Promise<null> {
  const { name, startedAt } = await ask("session.show", { session });
  const { moments } = await ask("session.moments", { session });
  const cast = new CastWriter({ title: name, startedAt, ...USUAL }, moments, new TextDecoder());
  await surroundings.print(cast.head());
  for (let from = 0; ; ) {
    const { base64, end } = await ask("session.log", { session, from, maxBytes: PAGE_BYTES });
    const bytes = Buffer.from(base64, "base64");
    from += bytes.length;
    await surroundings.print(cast.write(bytes));
    if (bytes.length === 0 || from >= end) break;
  }
  await surroundings.print(cast.end());
  return null;
}
