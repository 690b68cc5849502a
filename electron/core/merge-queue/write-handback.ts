import type { Check, CheckResult } from "../../../shared/model/check.ts";
import type { Oid } from "../../../shared/model/ids.ts";
import type { PlacedComment } from "./place-comments.ts";

/** More tests than these are in the output. */
const TESTS_NAMED_MAX = 20;

/** The target a branch was put on top of. */
export interface HandbackTarget {
  readonly name: string;
  /** Its full name; its own branch's where none is given. */
  readonly ref?: string;
  readonly oid: Oid;
}

/** What a worker is told whose branch conflicts with the target. */
export function conflictHandback(
  target: HandbackTarget,
  files: readonly string[],
  checks: readonly Check[],
): string {
  return [
    `Your branch cannot land: it conflicts with ${target.name}, which is now at ${target.oid}. Nothing of your work is lost. In your worktree:`,
    "",
    `1. Run: ${mergeCommand(target)}`,
    ...(files.length > 0
      ? [
          "2. Resolve the conflicts, keeping what both sides meant, in:",
          ...files.map((file) => `   - ${file}`),
        ]
      : ["2. Resolve the conflicts that git names, keeping what both sides meant."]),
    ...rerun(3, checks),
    "4. Commit the merge, then call task_done again.",
  ].join("\n");
}

/** What a worker is told whose work fails a check once it is on top of the target. `mates`: what landed since and may clash with it. */
export function redHandback(
  target: HandbackTarget,
  failed: CheckResult,
  checks: readonly Check[],
  mates: readonly string[] = [],
): string {
  return [
    `Your branch cannot land: on top of ${target.name} (${target.oid}) the check "${failed.name}" fails, twice on the very same files.`,
    ...(mates.length > 0
      ? [
          "It passed on your branch alone. What has landed since your branch began, and fails together with it:",
          ...mates.map((mate) => `- ${mate}`),
        ]
      : []),
    `The command is: ${failed.command}`,
    ...tellTests(failed),
    `It ended with ${failed.exitCode === null ? failed.reason : `exit code ${failed.exitCode}`}. The end of its output:`,
    "",
    ...(failed.tail.trim() === "" ? ["(none)"] : failed.tail.trimEnd().split("\n")).map(
      (line) => `    ${line}`,
    ),
    "",
    "In your worktree:",
    "",
    `1. Run: ${mergeCommand(target)}`,
    "2. Find out why it fails there, and mend it.",
    ...rerun(3, checks),
    "4. Commit, then call task_done again.",
  ].join("\n");
}

/** The tests that were read, before the end of the output, which may hold none of their names. */
function tellTests({ tests }: CheckResult): readonly string[] {
  if (!tests) return [];
  const own = tests.failures.filter((test) => !tests.quarantined.includes(test));
  return [
    ...nameTests("The tests that fail:", own, tests.failed - tests.quarantined.length),
    ...nameTests("Beside them these fail, which are known to be flaky:", tests.quarantined),
  ];
}

function nameTests(
  title: string,
  names: readonly string[],
  count = names.length,
): readonly string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, TESTS_NAMED_MAX);
  const more = Math.max(0, count - shown.length);
  return [title, ...shown.map((name) => `- ${name}`), ...(more > 0 ? [`- and ${more} more`] : [])];
}

export function twinPathsHandback(target: HandbackTarget, files: readonly string[]): string {
  return [
    `Your branch cannot land on ${target.name}: some of its paths are one and the same file where upper and lower case, or two spellings of an accent, are not told apart (macOS, Windows):`,
    "",
    ...files.map((file) => `- ${file}`),
    "",
    "Rename or remove what you added so that each path stands alone, commit, then call task_done again.",
  ].join("\n");
}

/** What a worker is told whose work a person sent back, all in one message. */
export function noteHandback(note: string, comments: readonly PlacedComment[] = []): string {
  const said = note.trim();
  const count = comments.length === 1 ? "a comment on one line" : `${comments.length} comments`;
  if (comments.length === 0)
    return [
      "Your branch was looked at and came back to you with this note:",
      "",
      said,
      "",
      "Do what it asks in your worktree, commit, then call task_done again.",
    ].join("\n");
  return [
    `Your branch was looked at and came back to you with ${count}${said === "" ? "" : " and a note"}:`,
    "",
    ...comments.flatMap((comment) => [...tellComment(comment), ""]),
    ...(said === "" ? [] : ["About the whole:", "", said, ""]),
    "Do what they ask in your worktree, commit, then call task_done again.",
  ].join("\n");
}

function tellComment({ file, line, side, quote, text }: PlacedComment): readonly string[] {
  const place =
    side === "before" ? `line ${line} before your change, which you deleted` : `line ${line}`;
  return [`${file}, ${place}:`, `    ${quote}`, ...text.split("\n")];
}

function rerun(number: number, checks: readonly Check[]): readonly string[] {
  if (checks.length === 0) return [`${number}. Make sure yourself that the result is right.`];
  return [`${number}. Run the checks:`, ...checks.map((check) => `   - ${check.run}`)];
}

/** By its full name, so that it is never taken for an option; quoted where a shell would read more into it. */
export function mergeCommand(target: Pick<HandbackTarget, "name" | "ref">): string {
  const { name, ref = `refs/heads/${name}` } = target;
  const said = ref === `refs/heads/${name}` ? name : ref;
  if (/^[A-Za-z0-9_][A-Za-z0-9_./-]*$/.test(said)) return `git merge ${said}`;
  return `git merge '${ref.replaceAll("'", "'\\''")}'`;
}
