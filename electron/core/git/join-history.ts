import type { Oid } from "../../../shared/model/ids.ts";
import type { Repository } from "./repository.ts";
import { runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

const MESSAGE = `Merge what was pushed to this branch before

The files are those of the newest work on top of the branch that it is proposed for, as they were tested. What was pushed before stays
beneath, so that nothing has to be forced.
`;

/**
 * A commit with these files that comes after all of these, so that a branch at one of them can go on to it without being forced. It is by
 * whom the first is and of when; of the same it is the same commit, so made again after a crash it is the one that was pushed.
 */
export async function joinHistory(
  repo: Repository,
  tree: Oid,
  after: readonly [Oid, ...Oid[]],
  signal: AbortSignal,
): Promise<Oid> {
  const [work] = after;
  const asked = ["log", "-1", "--format=%an%n%ae%n%aI%n%cn%n%ce%n%cI", work, "--"];
  const { stdout } = await runGit(repo.commonDir, asked, { signal });
  const [author = "", mail = "", at = "", committer = "", from = "", on = ""] = stdout.split("\n");
  const env = {
    ...{ GIT_AUTHOR_NAME: author, GIT_AUTHOR_EMAIL: mail, GIT_AUTHOR_DATE: at },
    ...{ GIT_COMMITTER_NAME: committer, GIT_COMMITTER_EMAIL: from, GIT_COMMITTER_DATE: on },
  };
  const parents = after.flatMap((each) => ["-p", each]);
  const args = ["commit-tree", tree, ...parents, "-F", "-"];
  const made = await runGit(repo.commonDir, args, {
    signal,
    input: MESSAGE,
    env,
    timeoutMs: WRITE_TIMEOUT_MS,
  });
  return made.stdout.trim();
}
