import type { Oid } from "../../../shared/model/ids.ts";
import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";

/** The last value of one trailer for each first-parent commit after `from` up to `to`, oldest first; empty where a commit has none. */
export async function listTrailers(
  repo: Repository,
  from: Oid,
  to: Oid,
  key: string,
): Promise<readonly string[]> {
  const format = `--format=%(trailers:key=${key},valueonly,separator=%x20)`;
  const args = ["log", "--first-parent", "--reverse", format, `${from}..${to}`, "--"];
  const { stdout } = await runGit(repo.commonDir, args);
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => line.trim().split(" ").at(-1) ?? "");
}
