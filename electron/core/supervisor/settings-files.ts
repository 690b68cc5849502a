import { readFileSync, statSync } from "node:fs";
import path from "node:path";
import type { Project } from "../../../shared/model/project.ts";
import type { Settings } from "../../../shared/model/settings.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { mergeSettings, readSettings } from "../base/read-settings.ts";

interface Kept {
  readonly modifiedMs: number;
  readonly settings: Settings;
  /** What is wrong with the file as it stands now; its last good settings are in force. */
  readonly problem: string | null;
}

/** The person's settings file and those of the projects, read again when they change. */
export class SettingsFiles {
  readonly #personFile: string;
  readonly #kept = new Map<string, Kept>();

  constructor(personFile: string) {
    this.#personFile = personFile;
  }

  /** The person's own: what holds for the machine and not for a project. */
  person(): Settings {
    return this.#read(this.#personFile).settings;
  }

  /** What is in force for a project: its own file wins over the person's, and a file gone wrong keeps its last good settings. */
  of(project: Pick<Project, "path">): Settings {
    return mergeSettings(
      this.#read(this.#personFile).settings,
      this.#read(projectFile(project.path)).settings,
    );
  }

  /** What the person's own file says, for what no repository may decide. */
  ofPerson(): Settings {
    return this.#read(this.#personFile).settings;
  }

  /** What a project's file says as it stands. Throws `settings-invalid`, with file, line and what would be right. */
  strict(root: string): Settings {
    const file = projectFile(root);
    const { settings, problem } = this.#read(file);
    if (problem)
      throw new SwitchyardError("settings-invalid", problem, `Correct ${file} and try again.`);
    return settings;
  }

  /** What is wrong with the files now, one text a file. */
  problems(projects: readonly Pick<Project, "path">[]): readonly string[] {
    const ofProjects = projects.map((project) => this.#problemOf(projectFile(project.path)));
    return [this.#read(this.#personFile).problem, ...ofProjects].filter(
      (problem) => problem !== null,
    );
  }

  #problemOf(file: string): string | null {
    const { problem, settings } = this.#read(file);
    if (problem !== null || settings.editor === undefined) return problem;
    return `${file}: the editor is each person's own, so nothing comes of it here. Write it into ${this.#personFile}.`;
  }

  #read(file: string): Kept {
    const modifiedMs = readTime(file);
    const kept = this.#kept.get(file);
    if (kept?.modifiedMs === modifiedMs) return kept;
    const next = this.#parse(file, modifiedMs, kept?.settings ?? {});
    this.#kept.set(file, next);
    return next;
  }

  #parse(file: string, modifiedMs: number, lastGood: Settings): Kept {
    if (modifiedMs === ABSENT) return { modifiedMs, settings: {}, problem: null };
    let text: string;
    try {
      text = readFileSync(file, "utf8");
    } catch (error) {
      return {
        modifiedMs,
        settings: lastGood,
        problem: `${file} cannot be read: ${describeFailure(error)}.`,
      };
    }
    const reading = readSettings(file, text);
    if (reading.kind === "bad") return { modifiedMs, settings: lastGood, problem: reading.message };
    return { modifiedMs, settings: reading.settings, problem: null };
  }
}

const ABSENT = -1;
/** It is there, or may be, and cannot be looked at: reading it says why. */
const OUT_OF_REACH = 0;

function readTime(file: string): number {
  try {
    return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? ABSENT;
  } catch {
    return OUT_OF_REACH;
  }
}

function describeFailure(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EISDIR") return "it is a folder where a file belongs";
  if (code === "EACCES") return "you may not read it";
  return error instanceof Error ? error.message : String(error);
}

function projectFile(root: string): string {
  return path.join(root, ".switchyard", "config.yaml");
}
