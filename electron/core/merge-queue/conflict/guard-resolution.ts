import { hasMarkers } from "../../git/conflict.ts";
import { countSkips, guardedAs, testNames } from "./find-tests.ts";
import { lockFileAt } from "./lock-files.ts";

/** What stands at a path; null where nothing does, or nothing that is text. */
export interface ResolvedFile {
  readonly path: string;
  /** Where both sides began. */
  readonly base: string | null;
  readonly target: string | null;
  readonly branch: string | null;
  readonly result: string | null;
}

export interface ResolutionToGuard {
  /** Paths that git could not merge. */
  readonly conflicted: ReadonlySet<string>;
  /** Paths that the resolver said it had to change as well. */
  readonly named: ReadonlySet<string>;
  /** Every conflicted path, and every other at which the result is not what git merged by itself. */
  readonly files: readonly ResolvedFile[];
}

export interface Refusal {
  readonly path: string;
  readonly why: string;
}

/** What of a resolution is not to be taken, whatever its checks say: they are among what it could have weakened. */
export function guardResolution({
  conflicted,
  named,
  files,
}: ResolutionToGuard): readonly Refusal[] {
  return files.flatMap((file) => {
    const { path } = file;
    const whys = [
      ...(conflicted.has(path) ? guardConflicted(file) : guardOther(file, named.has(path))),
      ...guardTests(file),
    ];
    return [...new Set(whys)].map((why) => ({ path, why }));
  });
}

function guardConflicted({ target, branch, result }: ResolvedFile): readonly string[] {
  const hadMarkers = [target, branch].some((side) => side !== null && hasMarkers(side));
  if (result !== null && !hadMarkers && hasMarkers(result)) {
    return ["still holds the marks of the conflict"];
  }
  return [];
}

function guardOther({ path }: ResolvedFile, isNamed: boolean): readonly string[] {
  if (guardedAs(path) === "ci") {
    return ["says which checks are run, is not in conflict, and may not be changed"];
  }
  if (isNamed) return [];
  const what = lockFileAt(path) === null ? "" : "is a lock file, ";
  return [`${what}is not in conflict and was not named as one that has to be changed as well`];
}

function guardTests({ path, base, target, branch, result }: ResolvedFile): readonly string[] {
  const kind = guardedAs(path);
  if (kind === null) return [];
  const changed = [target, branch].filter((side) => side !== null && side !== base);
  if (result === null) {
    // Also where one side deleted it: what the other one put there is not a resolver's to give up.
    return changed.length > 0 ? ["was changed by one side and is deleted"] : [];
  }
  const before = new Set(testNames(base ?? ""));
  const after = testNames(result);
  const missing = [target, branch].flatMap((side) =>
    [...testNames(side ?? "")].filter((name) => !before.has(name) && !after.has(name)),
  );
  const kept = [...before].filter((name) =>
    [target, branch].every((side) => side !== null && testNames(side).has(name)),
  );
  const gone = [...new Set([...missing, ...kept.filter((name) => !after.has(name))])];
  const skips = Math.max(...[target, branch].map((side) => countSkips(side ?? "")));
  return [
    ...gone.map((name) => `has lost the test "${name}"`),
    ...(countSkips(result) > skips ? ["skips a test that neither side skips"] : []),
  ];
}

const ALSO = /^[\s>*-]*also changed:\s*`?([^`:]+?)`?(?:\s*:.*)?$/gim;

/** The paths that a resolver says it had to change beside the conflicted ones: one line `Also changed: PATH: why` each. */
export function readAlsoChanged(summary: string): ReadonlySet<string> {
  return new Set([...summary.matchAll(ALSO)].map(([, path = ""]) => path.trim()));
}
