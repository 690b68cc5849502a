import { type ChangeSummary, writeChange } from "../../../../shared/model/change-summary.ts";
import type { EntryRecord } from "../../store/store.ts";
import { landingTrailers } from "../write-landing-message.ts";

/** Of a title at GitHub. */
const TITLE_MAX = 250;
/** Half of what GitHub takes of a text, and far below what a system takes as one argument of a program. */
const SUMMARY_MAX = 30_000;

export interface Proposal {
  readonly entry: Pick<EntryRecord, "id" | "task" | "attempt" | "summary">;
  readonly title: string;
  readonly change: ChangeSummary | null;
  readonly store: string;
}

/** What the pull request says. A merge that takes its text along brings the lines that tell which entry it was. */
export function writeProposal({ entry, title, change, store }: Proposal) {
  const { id, task, attempt, summary } = entry;
  const trailers = landingTrailers({
    ...{ entry: id, task, attempt, store },
    ...{ title, summary, change },
  });
  const parts = [
    withoutEffects((summary ?? "").trim()).slice(0, SUMMARY_MAX),
    change ? withoutEffects(writeChange(change)).slice(0, SUMMARY_MAX) : "",
    trailers.join("\n"),
  ];
  return {
    title: withoutEffects(title.replace(/\s+/g, " ").trim()).slice(0, TITLE_MAX) || id,
    body: parts.filter((part) => part !== "").join("\n\n"),
  };
}

/** Shows nothing, and parts a word in two. */
const BREAK = "\u200b";
const MENTION = /(?<![a-z\d])@(?=[a-z\d])/gi;
/** What GitHub takes for an order to close an issue when this is merged: the word, then a number, a repository with one or an address. */
const CLOSING =
  /(?<![a-z\d])([cfr])(?=(?:lose[sd]?|ix(?:e[sd])?|esolve[sd]?)[*_~]*:?[*_~]*\s+[*_~[]*(?:[\w.-]+\/[\w.-]+)?(?:#|GH-|https?:))/gi;

/** The words of a worker call nobody and close no issue: a decorator in them would ping whoever has its name. */
function withoutEffects(text: string): string {
  return text.replace(MENTION, `@${BREAK}`).replace(CLOSING, `$1${BREAK}`);
}
