import { type ReadRun, RunTally } from "./test-run.ts";

interface Level {
  results: number;
  passed: number;
  skipped: number;
  failed: number;
  readonly names: string[];
}

const RESULT = /^( *)(not ok|ok)\b(?: +\d+)?(?: +-)? ?(.*)$/;
const DEPTH_MAX = 40;

/** TAP 13 and 14, with subtests indented by four: what holds others is none itself, unless it alone fails. */
export const readTap: ReadRun = (lines) => {
  const tally = new RunTally();
  const levels: Level[] = [];
  let heading: string | null = null;
  let planned: number | null = null;
  let hasVersion = false;
  let hasSubtests = false;
  let isInDetails = false;
  for (const line of lines) {
    if (/^ +---$/.test(line)) isInDetails = true;
    else if (/^ +\.\.\.$/.test(line)) isInDetails = false;
    if (isInDetails) continue;
    if (/^TAP version 1[34]$/.test(line)) hasVersion = true;
    if (/^ *Bail out!/.test(line)) tally.isBroken = true;
    const plan = /^1\.\.(\d{1,9})/.exec(line)?.[1];
    if (plan) planned = (planned ?? 0) + Number(plan);
    if (/^ *# Subtest: /.test(line)) hasSubtests = true;
    const comment = /^# (.+)$/.exec(line)?.[1];
    if (comment && !/^(tests|pass|fail|ok)\b/.test(comment)) heading = comment;
    const result = RESULT.exec(line);
    const depth = (result?.[1]?.length ?? 0) / 4;
    if (!result || !Number.isInteger(depth) || depth > DEPTH_MAX) continue;
    const name = result[3] ?? "";
    takeResult(levels, depth, {
      isOk: result[2] === "ok",
      isLeftOut: / # (?:skip|todo)\b/i.test(` ${name}`),
      name: !hasSubtests && depth === 0 && heading ? `${heading} > ${name}` : name,
    });
  }
  const top = levels[0];
  for (const name of top?.names ?? []) tally.fail(name);
  tally.passed = top?.passed ?? 0;
  tally.skipped = top?.skipped ?? 0;
  tally.failed = top?.failed ?? 0;
  const isTap = planned !== null && (hasVersion || (top?.results ?? 0) > 0);
  return tally.finish(isTap, planned === (top?.results ?? 0));
};

function takeResult(
  levels: Level[],
  depth: number,
  result: { readonly isOk: boolean; readonly isLeftOut: boolean; readonly name: string },
): void {
  while (levels.length <= depth) levels.push(newLevel());
  const level = levels[depth] ?? newLevel();
  const inside = levels.slice(depth + 1).filter(({ results }) => results > 0)[0];
  levels.length = depth + 1;
  level.results += 1;
  const name = result.name.replace(/ # (?:skip|todo)\b.*$/i, "");
  if (inside) {
    level.passed += inside.passed;
    level.skipped += inside.skipped;
    level.failed += inside.failed;
    level.names.push(...inside.names.map((each) => `${name} > ${each}`));
  }
  if (result.isLeftOut) level.skipped += inside ? 0 : 1;
  else if (result.isOk) level.passed += inside ? 0 : 1;
  else if (!inside || inside.failed === 0) {
    level.failed += 1;
    level.names.push(name);
  }
}

function newLevel(): Level {
  return { results: 0, passed: 0, skipped: 0, failed: 0, names: [] };
}
