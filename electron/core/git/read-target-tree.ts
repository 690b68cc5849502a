import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Oid } from "../../../shared/model/ids.ts";
import { fold } from "./find-twin-paths.ts";
import type { AttributesFile, ForecastMemory } from "./forecast-memory.ts";
import { type Branch, changesOf } from "./read-branches.ts";
import { type Repository, splitZero } from "./repository.ts";
import { runGit, WRITE_TIMEOUT_MS } from "./run-git.ts";

interface TargetRequest {
  readonly repo: Repository;
  readonly target: Oid;
  readonly memory: ForecastMemory;
  readonly signal?: AbortSignal | undefined;
}

export interface TargetTree {
  readonly attributes: readonly AttributesFile[];
  /** Names the attributes that merges are made under. */
  readonly attributesKey: string;
  /** By head: paths that the branch adds in another spelling of one that the target has, both spellings. */
  readonly twins: ReadonlyMap<Oid, readonly string[]>;
}

/** More, or longer ones, than anybody writes by hand; git itself ignores those of 100 MB. */
const ATTRIBUTES_MAX = 1_000;
const ATTRIBUTES_MAX_BYTES = 1_000_000;

/** Reads, once for each target and branch, what of the target's own tree counts when a branch is merged into it. */
export async function readTargetTree(
  request: TargetRequest,
  branches: readonly Branch[],
): Promise<TargetTree> {
  const { repo, target, memory } = request;
  const unknown = branches.filter(
    ({ head }) => memory.twins.get(`${target} ${head}`) === undefined,
  );
  for (const { head } of unknown.filter((branch) => changesOf(branch).added.size === 0))
    memory.twins.set(`${target} ${head}`, []);
  const adding = unknown.filter((branch) => changesOf(branch).added.size > 0);
  let attributes = memory.attributes.get(target);
  if (attributes === undefined || adding.length > 0) {
    const files = await listFiles(request);
    noteTwins(request, adding, files);
    attributes ??= await readAttributes(request, files);
    memory.attributes.set(target, attributes);
  }
  const twins = new Map(
    branches.map(({ head }) => [head, memory.twins.get(`${target} ${head}`) ?? []]),
  );
  return { attributes, attributesKey: await nameAttributes(repo, attributes), twins };
}

interface TreeFile {
  readonly mode: string;
  readonly oid: Oid;
  readonly path: string;
}

async function listFiles({ repo, target, signal }: TargetRequest): Promise<readonly TreeFile[]> {
  const args = ["ls-tree", "-r", "-z", "--full-tree", target];
  const { stdout } = await runGit(repo.commonDir, args, { signal, timeoutMs: WRITE_TIMEOUT_MS });
  return splitZero(stdout).map((line) => {
    const tab = line.indexOf("\t");
    const [mode = "", , oid = ""] = line.slice(0, tab).split(" ");
    return { mode, oid, path: line.slice(tab + 1) };
  });
}

function noteTwins(
  { target, memory }: TargetRequest,
  adding: readonly Branch[],
  files: readonly TreeFile[],
): void {
  if (adding.length === 0) return;
  const spellings = new Map<string, string>();
  const wanted = new Set(adding.flatMap((branch) => [...changesOf(branch).added.keys()]));
  for (const { path } of files) {
    const folded = fold(path);
    if (wanted.has(folded)) spellings.set(folded, path);
  }
  for (const branch of adding) {
    const { added, removed } = changesOf(branch);
    const twins = [...added].flatMap(([folded, path]) => {
      const twin = spellings.get(folded);
      // One that is spelled anew is gone under its old name.
      return twin === undefined || twin === path || removed.has(twin) ? [] : [path, twin];
    });
    memory.twins.set(`${target} ${branch.head}`, twins);
  }
}

async function readAttributes(
  { repo, signal }: TargetRequest,
  files: readonly TreeFile[],
): Promise<readonly AttributesFile[]> {
  const named = files
    .filter(({ mode, path }) => mode.startsWith("100") && /(^|\/)\.gitattributes$/.test(path))
    .slice(0, ATTRIBUTES_MAX);
  const read: AttributesFile[] = [];
  for (const { oid, path } of named) {
    const args = ["cat-file", "blob", oid];
    const { stdoutBytes, isCut } = await runGit(repo.commonDir, args, {
      signal,
      outputMaxBytes: ATTRIBUTES_MAX_BYTES,
    });
    if (!isCut) read.push({ path, content: stdoutBytes });
  }
  return read;
}

/** With the repository's own attributes, which are in no commit. */
async function nameAttributes(
  repo: Repository,
  attributes: readonly AttributesFile[],
): Promise<string> {
  const hash = createHash("sha1");
  for (const { path, content } of attributes)
    hash.update(`${path}\0${content.length}\0`).update(content);
  const own = await stat(join(repo.commonDir, "info", "attributes")).catch(() => null);
  if (own) hash.update(`${own.mtimeMs} ${own.size}`);
  return hash.digest("hex");
}
