import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runGit } from "../../demo/run-git.ts";
import { writeMarker } from "../../demo/scripted-model/read-marker.ts";
import type { ScenarioSource } from "../../demo/scripted-model/scenario.ts";
import type { PlainScriptStep } from "../../demo/scripted-model/step.ts";
import { STAND_IN } from "../../demo/stand-in/find-claude.ts";
import { ProfileName } from "../../shared/model/ids.ts";
import { type ChaosRepository, GOES_ON, makeChaosRepository } from "./chaos-plan.ts";
import { writeCountingWorker } from "./counting-worker.ts";
import type { Driver } from "./driver.ts";

export const PROJECT = "soaked";
export const COUNTERS = ProfileName.parse("counters");
export const WORKERS = [ProfileName.parse("workers-1"), ProfileName.parse("workers-2")] as const;

const commit: PlainScriptStep = { bash: 'git add --all && git commit --quiet -m "The work"' };
const finish: PlainScriptStep = {
  mcp: { server: "switchyard", tool: "task_done", input: { summary: "Done." } },
};
const SHARED = "work/shared";
const mendShared: readonly PlainScriptStep[] = [
  { bash: "git merge main" },
  { read: SHARED },
  { write: { path: SHARED, content: "both\n" } },
  commit,
  finish,
];

/** How the model of the workers answers what brings no script: a conflict, a reminder, a message of the person's. */
export const soakScenario: ScenarioSource = {
  goesOn: `${GOES_ON}|^A word from the person`,
  rules: [
    { prompt: "[Cc]onflict", overMarker: true, steps: [...mendShared] },
    { prompt: "task_done", steps: [commit, finish] },
  ],
};

/** Work of its own or, for every third, on a file that others change too. */
export function writeSoakWork(n: number, paceS: number): string {
  const own: PlainScriptStep[] = [
    { delay: paceS },
    { write: { path: `work/own-${n}.txt`, content: "part 1\npart 2\npart 3\n" } },
  ];
  const shared: PlainScriptStep[] = [
    { read: SHARED },
    { delay: paceS },
    { write: { path: SHARED, content: `by ${n}\n` } },
  ];
  return `Work number ${n}.\n\n${writeMarker([...(n % 3 === 0 ? shared : own), commit, finish])}\n`;
}

export function makeSoakRepository(folder: string): ChaosRepository {
  const repository = makeChaosRepository(folder);
  mkdirSync(path.join(repository.path, "work"), { recursive: true });
  writeFileSync(path.join(repository.path, SHARED), "nobody\n");
  const author = ["-c", "user.name=A Person", "-c", "user.email=person@example.test"];
  runGit(repository.path, "add", "--all");
  runGit(repository.path, ...author, "commit", "-q", "-m", "a file that many change");
  return { ...repository, from: runGit(repository.path, "rev-parse", "HEAD").trim() };
}

/** Profiles whose workers the stand-in plays, one whose workers count, and a project that lands what passes. */
export async function furnish(
  driver: Driver,
  world: {
    readonly folder: string;
    readonly modelUrl: string;
    readonly repository: ChaosRepository;
  },
): Promise<void> {
  const env = { ANTHROPIC_BASE_URL: world.modelUrl, CLAUDE_CODE_OAUTH_TOKEN: "switchyard-soak" };
  for (const name of WORKERS) {
    const cap = name === WORKERS[0] ? 2 : 1;
    await driver.call("profile.add", { name, plan: "max", cap, executable: STAND_IN, env });
    await driver.call("profile.check", { name });
  }
  const executable = writeCountingWorker(world.folder);
  await driver.call("profile.add", { name: COUNTERS, plan: "custom", cap: 2, executable });
  await driver.call("profile.check", { name: COUNTERS });
  const { path: repository, target, check } = world.repository;
  await driver.call("project.add", {
    path: repository,
    name: PROJECT,
    target,
    checks: [{ name: "whole", run: check, timeoutMs: 60_000 }],
    approve: "auto",
    maxWorkers: 5,
  });
}
