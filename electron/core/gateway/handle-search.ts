import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers, Peer } from "../../../shared/contract/rpc.ts";
import type { SessionId } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { TranscriptEntry } from "../../../shared/model/transcript.ts";
import { readLastMessages } from "../provider/claude/read-last-messages.ts";
import { readTranscriptLine } from "../provider/claude/read-transcript-line.ts";
import type { Store } from "../store/store.ts";
import { findProject } from "./find-project.ts";
import { readMoments } from "./read-moments.ts";
import { requireSession } from "./require-session.ts";
import { readLines, type ScannedLine } from "./search/scan-lines.ts";
import { type SearchPlaces, searchSessions } from "./search/search-sessions.ts";

/** Of one entry; a file that a tool has read can be much longer. */
const TEXT_MAX = 20_000;

type SearchCalls = "search.find" | "session.transcript" | "session.answer" | "session.moments";

/** What was shown and said in sessions, read from where it is kept: it works without a running fleet. */
export function handleSearch({
  store,
  places,
  folderOf,
  signal,
}: {
  readonly store: Store;
  /** With a session's logs. */
  readonly folderOf: (session: SessionId) => string;
  readonly places: SearchPlaces;
  readonly signal: AbortSignal;
}): Pick<Handlers<AppContract>, SearchCalls> {
  const running = new WeakMap<Peer<AppContract>, AbortController>();
  return {
    "search.find": async ({ text, project, session }, peer) => {
      const search = new AbortController();
      running.get(peer)?.abort(superseded());
      running.set(peer, search);
      const all =
        session === undefined
          ? store.sessions.list(
              project === undefined ? {} : { project: findProject(store, project).name },
            )
          : [requireSession(store, session)];
      const workers = all.filter(({ kind }) => kind === "worker");
      return searchSessions(places, workers, text, AbortSignal.any([search.signal, signal]));
    },
    "session.transcript": async ({ session: id, from, lines: count }) => {
      const file = places.recordOf(requireSession(store, id));
      const { lines, end } = file
        ? await readLines(file, from ?? null, count, signal)
        : { lines: [], end: 0 };
      const first = from ?? Math.max(1, end - count + 1);
      return { session: id, entries: lines.flatMap(toEntry), from: first, end };
    },
    "session.moments": async ({ session }) => ({
      moments: [...(await readMoments(folderOf(requireSession(store, session).id)))],
    }),
    "session.answer": ({ session: id }) => {
      const file = places.recordOf(requireSession(store, id));
      const [text] = file === null ? [] : readLastMessages(file, 1);
      if (text === undefined)
        throw new SwitchyardError(
          "not-found",
          `${id} has written no answer yet.`,
          `See what it shows: switchyard session log ${id}`,
        );
      return { text };
    },
  };
}

function toEntry({ line, text }: ScannedLine): readonly TranscriptEntry[] {
  const said = readTranscriptLine(text);
  if (!said) return [];
  const isCut = said.text.length > TEXT_MAX;
  return [{ line, ...said, text: said.text.slice(0, TEXT_MAX), isCut }];
}

function superseded(): SwitchyardError {
  return new SwitchyardError("wrong-state", "A newer search took its place.");
}
