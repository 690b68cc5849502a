import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runGit } from "../../demo/run-git.ts";
import { writeMarker } from "../../demo/scripted-model/read-marker.ts";
import type { ScenarioSource } from "../../demo/scripted-model/scenario.ts";
import type { PlainScriptStep, ScriptStep } from "../../demo/scripted-model/step.ts";

export const PARTS = 3;
const AUTHOR = ["-c", "user.name=A Person", "-c", "user.email=person@example.test"];

/** What a session that takes over from one that broke off is told, and what one is told that was held up. */
export const GOES_ON = "[Gg]o on with the task";

export interface ChaosRepository {
  readonly path: string;
  readonly target: string;
  /** The commit it begins with. */
  readonly from: string;
  /** Passes when every piece of work in the tree is whole; notes the trees of candidates that passed. */
  readonly check: string;
  readonly testedFile: string;
}

/** A repository in whose `work` folder each task adds a file of its own. */
export function makeChaosRepository(folder: string): ChaosRepository {
  const repository = path.join(folder, "ledger");
  const testedFile = path.join(folder, "tested-trees");
  runGit(folder, "init", "-q", "-b", "main", repository);
  mkdirSync(path.join(repository, "work"));
  writeFileSync(path.join(repository, "work/README"), "One file for each task.\n");
  writeFileSync(path.join(repository, "check.sh"), check(testedFile));
  runGit(repository, "add", "--all");
  runGit(repository, ...AUTHOR, "commit", "-q", "-m", "first");
  const from = runGit(repository, "rev-parse", "HEAD").trim();
  return { path: repository, target: "main", from, check: "sh check.sh", testedFile };
}

// A worktree of a task has its branch checked out; a candidate stands on no branch.
const check = (testedFile: string) => `set -e
for file in work/*.txt; do
  [ -e "$file" ] || continue
  [ "$(tail -n 1 "$file")" = "part ${PARTS}" ] || { echo "$file is not whole"; exit 1; }
done
git symbolic-ref -q HEAD > /dev/null || git rev-parse 'HEAD^{tree}' >> '${testedFile}'
`;

const commit: PlainScriptStep = { bash: 'git add --all && git commit --quiet -m "The work"' };
const finish: PlainScriptStep = {
  mcp: { server: "switchyard", tool: "task_done", input: { summary: "The file is whole." } },
};

/**
 * Work in `PARTS` steps that take `paceS` seconds each. Played again, or played on from any place, it comes to the same: a file
 * is read before it is written, which Claude Code asks for, and what a killed process left out is made up for at the end.
 */
export function writeWork(name: string, paceS: number): string {
  const file = `work/${name}.txt`;
  const write = (parts: number): PlainScriptStep => {
    const lines = Array.from({ length: parts }, (_, n) => `part ${n + 1}\n`).join("");
    return { write: { path: file, content: lines } };
  };
  const steps = Array.from({ length: PARTS }, (_, n): readonly ScriptStep[] => [
    // Half of it before the first word: who does not stream still takes that long.
    { delay: paceS / 2 },
    { slow: paceS / 2, text: `Part ${n + 1} of ${name}. ` },
    { read: file },
    write(n + 1),
  ]);
  const mend: ScriptStep = {
    when: "Accepted",
    do: [{ say: "Done." }],
    otherwise: [{ read: file }, write(PARTS), commit, finish],
  };
  const body = [...steps.flat(), commit, finish, mend];
  return `Write work/${name}.txt with ${PARTS} lines.\n\n${writeMarker(body)}\n`;
}

export interface ChaosProfile {
  readonly name: string;
  readonly plan: "max" | "pro";
  readonly cap: number;
  readonly token: string;
}

export const chaosProfiles: readonly ChaosProfile[] = [
  { name: "max-1", plan: "max", cap: 2, token: "switchyard-chaos-max-01" },
  { name: "max-2", plan: "max", cap: 1, token: "switchyard-chaos-max-02" },
  { name: "pro-1", plan: "pro", cap: 1, token: "switchyard-chaos-pro-01" },
];

export const chaosScenario: ScenarioSource = {
  goesOn: GOES_ON,
  rules: [{ prompt: "task_done", steps: [commit, finish] }],
  profiles: Object.fromEntries(chaosProfiles.map(({ name, token }) => [token.slice(-6), { name }])),
};
