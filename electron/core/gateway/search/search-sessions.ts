import { stripVTControlCharacters } from "node:util";
import type { SessionId } from "../../../../shared/model/ids.ts";
import { isLive } from "../../../../shared/model/session.ts";
import type { SearchAnswer, SearchHit } from "../../../../shared/model/transcript.ts";
import { readTranscriptLine } from "../../provider/claude/read-transcript-line.ts";
import type { SessionRecord } from "../../store/store.ts";
import { cutAround, jsonPatternOf, patternOf } from "./plan-hits.ts";
import { scanLines } from "./scan-lines.ts";

/** Told of one session; what is beyond is only counted, and not beyond the second number. */
const HITS_MAX = 8;
const COUNTED_MAX = 100;
/** Told in all. Whoever gets more has searched for too little. */
const ALL_HITS_MAX = 240;

export interface SearchPlaces {
  /** The lines that a session's terminal shows, or has shown, its scrollback among them. */
  readonly readScreen: (session: SessionRecord) => Promise<readonly string[]>;
  /** The file with the record of a session's conversation; null where there is none. */
  readonly recordOf: (session: SessionRecord) => string | null;
}

type Found = SearchAnswer["found"][number];

/** Looks through `sessions`, the newest first, for `text` in whatever case. */
export async function searchSessions(
  places: SearchPlaces,
  sessions: readonly SessionRecord[],
  text: string,
  signal: AbortSignal,
): Promise<SearchAnswer> {
  const newestFirst = sessions.toSorted((a, b) => numberOf(b) - numberOf(a));
  const conversations = new Set<string>();
  const found: Found[] = [];
  let told = 0;
  let searched = 0;
  for (const session of newestFirst) {
    if (told >= ALL_HITS_MAX) break;
    signal.throwIfAborted();
    const isNewest = !conversations.has(session.providerSession);
    conversations.add(session.providerSession);
    const hits = new Hits(session.id);
    const record = places.recordOf(session);
    if (record !== null && isNewest) await searchRecord(record, text, hits, signal);
    // What an ended one has shown stands in its record.
    if (record === null || isLive(session.state))
      searchScreen(await places.readScreen(session), text, hits);
    searched += 1;
    if (hits.count > 0) found.push(hits.tell());
    told += Math.min(hits.count, HITS_MAX);
  }
  return { found, searched, isCut: searched < newestFirst.length };
}

/** Ids are counted up. */
function numberOf({ id }: SessionRecord): number {
  return Number(id.slice(2));
}

class Hits {
  readonly #session: SessionId;
  readonly #hits: SearchHit[] = [];
  count = 0;

  constructor(session: SessionId) {
    this.#session = session;
  }

  get isFull(): boolean {
    return this.count >= HITS_MAX + COUNTED_MAX;
  }

  add(hit: SearchHit): void {
    this.count += 1;
    if (this.#hits.length < HITS_MAX) this.#hits.push(hit);
  }

  tell(): Found {
    return { session: this.#session, hits: this.#hits, more: this.count - this.#hits.length };
  }
}

async function searchRecord(
  file: string,
  text: string,
  hits: Hits,
  signal: AbortSignal,
): Promise<void> {
  const pattern = patternOf(text);
  for await (const { line, text: json } of scanLines(file, jsonPatternOf(text), signal)) {
    if (hits.isFull) return;
    const said = readTranscriptLine(json);
    // It may stand in what the program notes for itself.
    const cut = said && cutAround(said.text, pattern);
    if (said && cut) hits.add({ where: "transcript", line, at: said.at, who: said.who, ...cut });
  }
}

/** A program that draws its screen again and again leaves the same lines many times: the last one counts. */
function searchScreen(lines: readonly string[], text: string, hits: Hits): void {
  const pattern = patternOf(text);
  const last = new Map(lines.map((line, index) => [line.trim(), index]));
  for (const [line, index] of [...last].toSorted((a, b) => b[1] - a[1])) {
    if (hits.isFull) return;
    const cut = cutAround(line, pattern);
    if (cut) hits.add({ where: "terminal", line: index + 1, at: null, who: null, ...cut });
  }
}

/** The lines of a log, without what steers a terminal. */
export function linesOfLog(log: string): readonly string[] {
  return stripVTControlCharacters(log)
    .split(/\r?\n|\r/)
    .map((line) => line.trimEnd());
}
