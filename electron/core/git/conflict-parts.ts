import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConflictPart } from "../../../shared/model/conflict-view.ts";
import {
  type Conflict,
  isTextConflict,
  readBlob,
  type TextConflict,
  type Version,
} from "./conflict.ts";
import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";

/** Longer than any line of marks that a file holds by itself. */
const MARK = 37;
const MORE_CONFLICTS = 127;

/** A conflicted file as lines that merged and places that did not; of one that holds no text the whole is one place. */
export async function readConflictParts(
  repo: Repository,
  conflict: Conflict,
  maxBytes: number,
): Promise<readonly ConflictPart[]> {
  const contents = isTextConflict(conflict) ? await readSides(repo, conflict) : null;
  if (contents === null || contents.some((each) => !isText(each, maxBytes))) {
    const { base, ours, theirs } = conflict;
    return [{ kind: "whole", base: inWords(base), target: inWords(ours), branch: inWords(theirs) }];
  }
  return splitParts(await mergeFile(contents));
}

async function readSides(repo: Repository, { base, ours, theirs }: TextConflict) {
  const read = (version: Version | null) =>
    version ? readBlob(repo, version.oid) : Promise.resolve(Buffer.alloc(0));
  return [await read(ours), await read(base), await read(theirs)];
}

function isText(content: Buffer, maxBytes: number): boolean {
  return (
    content.length <= maxBytes &&
    !content.includes(0) &&
    content.equals(Buffer.from(content.toString()))
  );
}

function inWords(version: Version | null): string {
  if (version === null) return "no file";
  if (version.mode === "120000") return "a link";
  if (version.mode === "160000") return `a submodule at ${version.oid.slice(0, 12)}`;
  return `a file (${version.oid.slice(0, 12)})`;
}

async function mergeFile(contents: readonly Buffer[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-parts-"));
  try {
    const files = contents.map((_, at) => join(folder, String(at)));
    for (const [at, content] of contents.entries()) await writeFile(files[at] ?? "", content);
    const labels = files.flatMap(() => ["-L", "x"]);
    const how = ["merge-file", "-p", "-q", "--zdiff3", `--marker-size=${MARK}`, ...labels];
    // Its exit code counts the conflicts.
    const okExitCodes = Array.from({ length: MORE_CONFLICTS + 1 }, (_, count) => count);
    return (await runGit(folder, [...how, "--", ...files], { okExitCodes })).stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function splitParts(merged: string): readonly ConflictPart[] {
  const parts: ConflictPart[] = [];
  let same = "";
  let place: { base: string; target: string; branch: string } | null = null;
  let side: "base" | "target" | "branch" = "target";
  for (const line of merged.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const mark = markOf(line);
    if (mark === "<") {
      if (same !== "") parts.push({ kind: "same", text: same });
      [same, place, side] = ["", { base: "", target: "", branch: "" }, "target"];
    } else if (place === null) same += line;
    else if (mark === "|") side = "base";
    else if (mark === "=") side = "branch";
    else if (mark === ">") {
      parts.push({ kind: "lines", ...place });
      place = null;
    } else place[side] += line;
  }
  return same === "" ? parts : [...parts, { kind: "same", text: same }];
}

function markOf(line: string): string | null {
  const [first = ""] = line;
  const isMark = "<|=>".includes(first) && line.startsWith(first.repeat(MARK));
  return isMark && (line[MARK] === " " || line.slice(MARK).trim() === "") ? first : null;
}
