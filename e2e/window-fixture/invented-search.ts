import type { Rows } from "../../shared/contract/rows.ts";
import type { SessionId } from "../../shared/model/ids.ts";
import type { SearchAnswer, SearchHit, Transcript } from "../../shared/model/transcript.ts";

const AT = "2026-11-21T14:02:11.000Z";

const lines: readonly Pick<SearchHit, "where" | "line" | "who" | "text">[] = [
  { where: "terminal", line: 812, who: null, text: "● Update(src/limits/window.ts)" },
  { where: "transcript", line: 41, who: "you", text: "Limit sign-in attempts by address." },
  {
    where: "transcript",
    line: 57,
    who: "worker",
    text: "The limit is counted in a window of ten minutes, so a slow attacker gets…",
  },
  {
    where: "transcript",
    line: 63,
    who: "tool",
    text: "…xpect(limit(attempts, { windowMs: 600_000 })).toEqual({ kind: 'blocked', until: 1",
  },
];

/** `limit` is found in two sessions, anything else nowhere. */
export function inventSearch({ sessions }: Rows, text: string): SearchAnswer {
  const isFound = "limit".startsWith(text.toLowerCase());
  const found = sessions.slice(0, 2).map(({ id }, n) => ({
    session: id,
    hits: lines.slice(n).map((line) => {
      const from = Math.max(0, line.text.toLowerCase().indexOf(text.toLowerCase()));
      return { ...line, at: line.who ? AT : null, from, length: text.length };
    }),
    more: n * 14,
  }));
  return { found: isFound ? found : [], searched: sessions.length, isCut: false };
}

export function inventTranscript(session: SessionId): Transcript {
  const entry = (line: number, who: "you" | "worker" | "tool", text: string) => ({
    line,
    at: AT,
    who,
    text,
    isCut: false,
  });
  return {
    session,
    from: 1,
    end: 640,
    entries: [
      entry(
        41,
        "you",
        "Limit sign-in attempts by address.\n\nTen in ten minutes, then a minute of rest.",
      ),
      entry(44, "tool", "Read file_path: src/login/attempts.ts"),
      entry(
        45,
        "tool",
        "1  import { Clock } from '../clock';\n2\n3  export class Attempts {\n4    readonly #byAddress = new Map<string, number[]>();",
      ),
      entry(
        57,
        "worker",
        "The limit is counted in a window of ten minutes, so a slow attacker gets through. I will keep the times of the last ten attempts of each address instead.",
      ),
      entry(
        60,
        "tool",
        "Bash command: npm test -- src/login\ndescription: Run the tests of sign-in",
      ),
    ],
  };
}
