import type { Oid } from "../../../shared/model/ids.ts";
import type { Repository } from "./repository.ts";
import { runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

/** A commit of the target whose last lines say which entry of which store it landed for. */
export interface LandedCommit {
  readonly oid: Oid;
  readonly tree: Oid;
  /** The target before it first, then what was merged. */
  readonly parents: readonly Oid[];
  readonly at: string;
  readonly subject: string;
  readonly author: string;
  /** What its trailers say, as they say it; empty where one is missing. */
  readonly store: string;
  readonly entry: string;
  readonly task: string;
  readonly attempt: string;
}

/** Years of landings; what is older can be reverted by hand. */
const COMMITS_MAX = 20_000;

/** The commits along the first parents of `tip` that landed, oldest first. */
export async function readLandings(
  repo: Repository,
  tip: Oid,
  signal?: AbortSignal,
): Promise<readonly LandedCommit[]> {
  const trailers = ["Store", "Entry", "Task", "Attempt"].map(
    (name) => `%(trailers:key=Switchyard-${name},valueonly,separator=%x20)`,
  );
  const format = ["%H", "%T", "%P", "%cI", "%an", ...trailers, "%s"].join("%x00");
  const args = ["log", "--first-parent", "--no-show-signature", `--max-count=${COMMITS_MAX}`];
  const only = ["--grep=^Switchyard-Entry: q-", "--basic-regexp", `--format=${format}`, tip, "--"];
  const { stdout } = await runGit(repo.commonDir, [...args, ...only], {
    signal,
    timeoutMs: WRITE_TIMEOUT_MS,
  });
  return stdout.split("\n").filter(Boolean).map(readLine).reverse();
}

function lastWord(text: string): string {
  return text.trim().split(" ").at(-1) ?? "";
}

function readLine(line: string): LandedCommit {
  const [oid = "", tree = "", parents = "", at = "", author = "", ...rest] = line.split("\0");
  // Ours come last; what stands before them was brought along from another landing.
  const [store = "", entry = "", task = "", attempt = ""] = rest.map(lastWord);
  const subject = rest.at(-1)?.trim() ?? "";
  const known = { oid, tree, parents: parents.split(" ").filter(Boolean), author };
  // git gives it with the zone of whoever committed.
  return { ...known, at: new Date(at).toISOString(), store, entry, task, attempt, subject };
}
