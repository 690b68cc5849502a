import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import {
  type Choice,
  type ConflictFile,
  type ConflictView,
  FileChoices,
  keepChoices,
  PART_MAX,
  resolveText,
} from "../../../../shared/model/conflict-view.ts";
import { type EntryId, Oid } from "../../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../../shared/model/switchyard-error.ts";
import type { DataFolder } from "../../base/data-folder.ts";
import { createLane, type Lane } from "../../base/lane.ts";
import { writeFileDurably } from "../../base/write-file-durably.ts";
import { commitTree } from "../../git/candidate.ts";
import {
  type Conflict,
  isTextConflict,
  mergedMode,
  replaceFiles,
  type Version,
  writeBlob,
} from "../../git/conflict.ts";
import { readConflictParts } from "../../git/conflict-parts.ts";
import type { EntryRecord } from "../../store/store.ts";
import { FALLBACK_PERSON } from "../fallback-person.ts";
import type { HandResolutions, Resolvable } from "./hand-resolutions.ts";

export interface ChosenResolutionsParts {
  readonly folder: Pick<DataFolder, "worktrees">;
  readonly hands: Pick<HandResolutions, "findResolvable" | "accept">;
}

/**
 * Conflicts that a person resolves place by place, in a window. What was chosen and not used yet is a file, so that it outlives the window
 * and the core.
 */
export class ChosenResolutions {
  readonly #parts: ChosenResolutionsParts;
  /** Key presses come faster than a draft is kept. */
  readonly #lanes = new Map<EntryId, Lane>();

  constructor(parts: ChosenResolutionsParts) {
    this.#parts = parts;
  }

  /** Throws `wrong-state` where the entry has no conflict, or a worker is at it. */
  async view(id: EntryId): Promise<ConflictView> {
    const found = await this.#parts.hands.findResolvable(id);
    const files = await readFiles(found);
    const draft = [...keepChoices(files, await this.#readDraft(found.entry))];
    return { entry: id, target: found.project.target, base: found.target, files, draft };
  }

  /** The one that is given last is the one that stays. */
  keepDraft(id: EntryId, draft: readonly FileChoices[]): Promise<void> {
    return this.#laneOf(id).run(async () => {
      const { entry } = await this.#parts.hands.findResolvable(id);
      const file = this.#draftFile(entry);
      await mkdir(dirname(file), { recursive: true });
      writeFileDurably(file, JSON.stringify(draft));
    });
  }

  /** Makes the merge as it was chosen and lets the entry go on with it. Throws `wrong-state` where a place is left, or the target has moved. */
  use(id: EntryId, base: Oid, draft: readonly FileChoices[]): Promise<EntryRecord> {
    return this.#laneOf(id).run(() => this.#use(id, base, draft));
  }

  async #use(id: EntryId, base: Oid, draft: readonly FileChoices[]): Promise<EntryRecord> {
    const { hands } = this.#parts;
    const found = await hands.findResolvable(id);
    const { entry, project, repo, target, tree, conflicts } = found;
    if (target !== base) {
      throw new SwitchyardError(
        "wrong-state",
        `${project.target} has moved on since you looked at the conflict of ${id}.`,
        "Look at it again; what you chose is kept where it still fits.",
      );
    }
    const files = await readFiles(found);
    const chosen = new Map<string, Version>();
    for (const [at, file] of files.entries()) {
      const conflict = conflicts[at];
      const choices = draft.find(({ path }) => path === file.path)?.choices ?? [];
      if (conflict) chosen.set(file.path, await this.#versionOf(found, conflict, file, choices));
    }
    const made = await replaceFiles(repo, tree, chosen);
    const as = { repo, fallback: FALLBACK_PERSON };
    const message = "Merge the target, conflicts resolved by hand";
    const commit = await commitTree(as, made, [entry.head, target], message);
    const taken = await hands.accept(entry, repo, commit);
    await rm(this.#draftFile(entry), { force: true });
    return taken;
  }

  async #versionOf(
    { entry, repo }: Resolvable,
    conflict: Conflict,
    file: ConflictFile,
    choices: readonly (Choice | null)[],
  ): Promise<Version> {
    if (file.parts.some(({ kind }) => kind === "whole")) {
      const [choice] = choices;
      if (choice === "target") return conflict.ours ?? goneAs(entry.head);
      if (choice === "branch") return conflict.theirs ?? goneAs(entry.head);
      throw notChosen(entry.id, file.path);
    }
    const text = resolveText(file, choices);
    if (text === null || !isTextConflict(conflict)) throw notChosen(entry.id, file.path);
    return { mode: mergedMode(conflict), oid: await writeBlob(repo, text) };
  }

  async #readDraft(entry: EntryRecord): Promise<readonly FileChoices[]> {
    const text = await readFile(this.#draftFile(entry), "utf8").catch(() => "[]");
    try {
      return z.array(FileChoices).parse(JSON.parse(text));
    } catch {
      // Written by another version.
      return [];
    }
  }

  #laneOf(id: EntryId): Lane {
    const lane = this.#lanes.get(id) ?? createLane();
    this.#lanes.set(id, lane);
    return lane;
  }

  /** By the commit: the same work queued anew has the same conflict. */
  #draftFile({ project, head }: EntryRecord): string {
    return join(this.#parts.folder.worktrees, project, ".drafts", `${head}.json`);
  }
}

async function readFiles({ repo, conflicts }: Resolvable): Promise<ConflictFile[]> {
  const files: ConflictFile[] = [];
  for (const conflict of conflicts) {
    const parts = [...(await readConflictParts(repo, conflict, PART_MAX))];
    files.push({ path: conflict.path, parts });
  }
  return files;
}

/** How git is told that a path is gone: an object name of zeros, as long as the repository's are. */
function goneAs(oid: Oid): Version {
  return { mode: "0", oid: Oid.parse("0".repeat(oid.length)) };
}

function notChosen(id: EntryId, path: string): SwitchyardError {
  return new SwitchyardError(
    "wrong-state",
    `Nothing is chosen yet for some of ${path} in ${id}.`,
    "Choose at every place, then use it.",
  );
}
