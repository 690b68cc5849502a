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
    (summary ?? "").trim().slice(0, SUMMARY_MAX),
    change ? writeChange(change).slice(0, SUMMARY_MAX) : "",
    trailers.join("\n"),
  ];
  return {
    title: title.replace(/\s+/g, " ").trim().slice(0, TITLE_MAX) || id,
    body: parts.filter((part) => part !== "").join("\n\n"),
  };
}
