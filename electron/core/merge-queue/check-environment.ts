import { createHash } from "node:crypto";
import { realpathSync, statSync } from "node:fs";
import { devNull } from "node:os";
import type { Check } from "../../../shared/model/check.ts";
import type { ProjectName } from "../../../shared/model/ids.ts";
import type { Project } from "../../../shared/model/project.ts";
import type { Clock } from "../base/clock.ts";
import type { DataFolder } from "../base/data-folder.ts";
import type { CacheSettings } from "../git/pool-worktree.ts";
import { shellWord } from "../process/own-programs.ts";
import { resolveExecutable } from "../process/resolve-executable.ts";
import type { RunCommand } from "./check-runner.ts";
import { planTools, type Tool } from "./plan-tools.ts";

/** A program that only chooses among versions looks the same when it chooses another: it is asked anew after this. */
const ASK_AGAIN_MS = 10 * 60_000;
const ASK_MS = 30_000;
const MISSING = "missing";
const UNTOLD = "untold";

/** What a project's checks run in and how, as its settings say. */
export interface CheckSurroundings {
  /** Programs that count beside those its checks name. */
  readonly tools: readonly string[];
  /** Names of variables that count; checks get them. */
  readonly declared: readonly string[];
  /** All that a check of the project gets. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs before the checks; on another tree again, unless that has the same in all that it reads. */
  readonly setUp: Check | null;
  /** Files and folders that it reads beside the lock files; null: any. */
  readonly setUpFrom: readonly string[] | null;
  /** Folders that outlive a run as long as the lock files are the same; null: those that tools are known to fill. */
  readonly caches: readonly string[] | null;
  readonly order: "given" | "cheapest";
}

export interface CheckEnvironmentParts {
  readonly clock: Clock;
  readonly surroundingsOf: (project: Project) => CheckSurroundings;
  /** Runs a tool that is asked for its version. */
  readonly runTool: RunCommand;
  readonly folder: Pick<DataFolder, "worktrees">;
}

interface Asked {
  /** Names the file: where it is, how large, since when. */
  readonly stamp: string;
  readonly version: string;
  readonly atMs: number;
}

/**
 * Names what checks run in beside the tree itself: the versions of their tools, the values of declared variables and the set-up that ran
 * before them. A verdict holds for one such name. The lock file needs no place in it: it is part of the tree.
 */
export class CheckEnvironment {
  readonly #parts: CheckEnvironmentParts;
  readonly #hashes = new Map<ProjectName, string>();
  readonly #asked = new Map<string, Asked>();
  /** What acceptance checks of queued tasks have named: a verdict is as good when such a task has left the queue. */
  readonly #toolsOfTasks = new Map<ProjectName, ReadonlySet<string>>();

  constructor(parts: CheckEnvironmentParts) {
    this.#parts = parts;
  }

  /** As it was found by the last look; a queue looks before it builds on the target anew, so that it stays the same for one chain. */
  hash({ name }: Pick<Project, "name">): string {
    const known = this.#hashes.get(name);
    if (known === undefined) throw new Error(`nobody looked what the checks of ${name} run in`);
    return known;
  }

  setUpOf(project: Project): Check | null {
    return this.#parts.surroundingsOf(project).setUp;
  }

  orderOf(project: Project): CheckSurroundings["order"] {
    return this.#parts.surroundingsOf(project).order;
  }

  /** What dependencies of the project are made from, beside its lock files, and where they are. */
  cachesOf(project: Project): CacheSettings {
    const { caches, setUp, setUpFrom } = this.#parts.surroundingsOf(project);
    return { caches, madeFrom: JSON.stringify([setUp?.run, this.hash(project)]), setUpFrom };
  }

  /**
   * Costs a few looks at files, and asks a program only when its file is another one or was asked long ago. `ofTasks` are acceptance
   * checks that may run.
   */
  async look(project: Project, ofTasks: readonly Check[], signal: AbortSignal): Promise<void> {
    const { declared, env, setUp } = this.#parts.surroundingsOf(project);
    const planned = this.#toolsOf(project, ofTasks);
    const versions = await Promise.all(planned.map((tool) => this.#versionOf(tool, env, signal)));
    const named = planned.map(({ name }, at) => [name, versions[at]]);
    const values = declared.toSorted().map((name) => [name, env[name] ?? null]);
    const ran = setUp ? [setUp.run] : [];
    const all = JSON.stringify([process.platform, process.arch, named, values, ...ran]);
    this.#hashes.set(project.name, createHash("sha256").update(all).digest("hex"));
  }

  #toolsOf(project: Project, ofTasks: readonly Check[]): readonly Tool[] {
    const { tools, setUp } = this.#parts.surroundingsOf(project);
    const named = planTools(commandsOf(ofTasks), []).map(({ name }) => name);
    const theirs = new Set([...(this.#toolsOfTasks.get(project.name) ?? []), ...named]);
    this.#toolsOfTasks.set(project.name, theirs);
    const checks = setUp ? [setUp, ...project.checks] : project.checks;
    return planTools(commandsOf(checks), [...tools, ...theirs]);
  }

  async #versionOf(
    { name, ask }: Tool,
    env: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<string> {
    const where = { pathVariable: env.PATH ?? "", homeFolder: env.HOME ?? "" };
    const found = resolveExecutable(name, where);
    if (found.kind !== "found") return MISSING;
    const stamp = stampOf(found.file);
    const known = this.#asked.get(found.file);
    const nowMs = this.#parts.clock.monotonicMs();
    if (known?.stamp === stamp && nowMs - known.atMs < ASK_AGAIN_MS) return known.version;
    const said = await this.#ask(found.file, ask, signal);
    // A machine that was too busy to answer in time has no other tools than before.
    const version = said ?? known?.version ?? UNTOLD;
    this.#asked.set(found.file, { stamp, version, atMs: nowMs });
    return version;
  }

  /** In its own words; null where it came to no end. Asked where no repository's file can choose a version for it. */
  async #ask(file: string, argument: string, signal: AbortSignal): Promise<string | null> {
    const { runTool, folder } = this.#parts;
    const command = `${shellWord(file)} ${argument}`;
    const options = { cwd: folder.worktrees, timeoutMs: ASK_MS, logFile: devNull, signal };
    const { exitCode, tail } = await runTool(command, options);
    return exitCode === null ? null : tail;
  }
}

function commandsOf(checks: readonly Check[]): readonly string[] {
  return checks.map(({ run }) => run);
}

/** A file that goes away in this very moment is another one. */
function stampOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found ? [realpathSync(file), found.size, found.mtimeMs, found.ino].join(" ") : MISSING;
}
