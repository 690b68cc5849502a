import type { ChangeSummary, FileKind } from "../../../shared/model/change-summary.ts";
import type { Oid } from "../../../shared/model/ids.ts";
import { type CountedFile, countLines } from "../git/count-lines.ts";
import { commitMessages } from "../git/diff.ts";
import type { Repository } from "../git/repository.ts";
import { guardedAs } from "./conflict/find-tests.ts";

const COMMITS_MAX = 50;
const TESTS_MAX = 20;
const SUBJECT_MAX = 200;

const LOCK_FILES = /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|[^/]*[.-]lock(\.\w+)?|go\.sum)$/;
const DOCS = /(^|\/)docs?\/|\.(md|mdx|rst|adoc|txt)$|(^|\/)(readme|changelog|license)[^/]*$/i;
const SETTINGS = /\.(json|jsonc|ya?ml|toml|ini|cfg|conf|properties|env)$|(^|\/)\.[^/]+$/i;
const KINDS: readonly FileKind[] = ["source", "test", "docs", "settings", "lock"];

/** What the commits of `head` that `base` does not have say and change. `from` and `to` are what its files are compared of. */
export async function summariseChange(
  repo: Repository,
  { base, head, from, to }: Readonly<Record<"base" | "head" | "from" | "to", Oid>>,
  signal?: AbortSignal,
): Promise<ChangeSummary> {
  const commits = await commitMessages(repo, base, head, signal);
  const files = await countLines(repo, from, to, signal);
  return sumChange(
    commits.map(({ subject }) => subject),
    files,
  );
}

export function sumChange(
  subjects: readonly string[],
  files: readonly CountedFile[],
): ChangeSummary {
  const kinds = files.map(({ path }) => kindOf(path));
  const counted = KINDS.map((kind) => ({
    kind,
    count: kinds.filter((one) => one === kind).length,
  }));
  const tests = files.map(({ path }) => path).filter((path) => kindOf(path) === "test");
  return {
    commits: subjects.slice(0, COMMITS_MAX).map((subject) => subject.slice(0, SUBJECT_MAX)),
    commitCount: subjects.length,
    files: counted.filter(({ count }) => count > 0),
    added: files.reduce((sum, { added }) => sum + (added ?? 0), 0),
    removed: files.reduce((sum, { removed }) => sum + (removed ?? 0), 0),
    tests: tests.slice(0, TESTS_MAX),
  };
}

function kindOf(path: string): FileKind {
  if (LOCK_FILES.test(path)) return "lock";
  const guarded = guardedAs(path);
  if (guarded !== null) return guarded === "test" ? "test" : "settings";
  if (DOCS.test(path)) return "docs";
  return SETTINGS.test(path) ? "settings" : "source";
}
