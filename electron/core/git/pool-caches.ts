import { randomBytes } from "node:crypto";
import { lstatSync, type Stats } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { writeFileDurably } from "../base/write-file-durably.ts";
import { isFolderReached } from "./is-folder-reached.ts";

/** So many sets of folders wait for their lock file to come back, beside the one in place; the oldest goes first. */
const STORED_MAX = 3;

/** Which folders outlive a switch of a pool worktree, and what they are good for. */
export interface CacheWish {
  /** Names the lock files and all else that the folders are made from. */
  readonly key: string;
  /** A name without a slash is found at any depth, one with slashes from the top. */
  readonly names: readonly string[];
  /** Folders of such a name that hold files of the commit: those are no caches. */
  readonly tracked: ReadonlySet<string>;
}

const State = z.object({
  /** Tells this pool worktree from one that was made anew in its place. */
  worktree: z.string(),
  key: z.string(),
  /** Those in place, from the top of the worktree. */
  folders: z.array(z.string()),
  /** The run that used them last came to its end. */
  isWhole: z.boolean(),
});
type State = z.infer<typeof State>;

/**
 * Puts the folders of this key in their place, in a worktree that was cleaned of all but `cachesInPlace`; true when they are there as
 * a run that came to its end has left them. Those of another key are stored beside the worktree. Until `keepCaches` what is in place
 * counts as that of a run that was cut off, and the next switch deletes it.
 */
export async function placeCaches(worktree: string, wish: CacheWish): Promise<boolean> {
  await mkdir(cachesBeside(worktree), { recursive: true, mode: 0o700 });
  const state = await readState(worktree);
  const isUsable = state !== null && (await isWholeAt(worktree, state));
  const isSame = isUsable && state.key === wish.key;
  // From here on a crash leaves nothing that would be taken for whole.
  writeState(worktree, { key: wish.key, folders: [], isWhole: false });
  if (isSame) return state.folders.length > 0;
  if (isUsable) await storeCaches(worktree, state);
  return await bringBack(worktree, wish.key);
}

/** What lies in these folders may be used again: the run that worked with it came to its end. */
export async function keepCaches(worktree: string, wish: CacheWish): Promise<void> {
  const folders = await findCaches(worktree, wish);
  writeState(worktree, { key: wish.key, folders, isWhole: true });
}

/** Folders in place, from the top of the worktree; none where the run that used them was cut off. */
export async function cachesInPlace(worktree: string): Promise<readonly string[]> {
  const state = await readState(worktree);
  return state && (await isWholeAt(worktree, state)) ? state.folders : [];
}

/** Deletes what is in place. */
export async function dropCaches(worktree: string): Promise<void> {
  const state = await readState(worktree);
  if (!state) return;
  writeState(worktree, { key: state.key, folders: [], isWhole: false });
  await deleteAll(worktree, state.folders);
}

/** A commit can have put a link to any folder of the machine where the parent of one was. */
async function isWholeAt(worktree: string, { folders, isWhole }: State): Promise<boolean> {
  if (!isWhole) return false;
  for (const folder of folders) {
    if (!(await isFolderReached(worktree, folder))) return false;
  }
  return true;
}

/** Folders become those of their key by one rename, so that half of them are never taken for all. */
async function storeCaches(worktree: string, { key, folders }: State): Promise<void> {
  if (folders.length === 0) return;
  const half = join(cachesBeside(worktree), `half-${randomBytes(4).toString("hex")}`);
  await mkdir(half, { recursive: true });
  for (const [at, folder] of folders.entries()) {
    await rename(join(worktree, folder), join(half, String(at)));
  }
  writeFileDurably(join(half, LIST), JSON.stringify(folders));
  const stored = join(cachesBeside(worktree), key);
  await remove(stored);
  await rename(half, stored);
  const now = new Date();
  await utimes(stored, now, now);
  await removeOldest(worktree);
}

/** False where nothing is stored of this key, or not all of it fits into the tree as it is now. */
async function bringBack(worktree: string, key: string): Promise<boolean> {
  const stored = join(cachesBeside(worktree), key);
  if (!isFolder(stored)) return false;
  const taken = join(cachesBeside(worktree), `half-${randomBytes(4).toString("hex")}`);
  await rename(stored, taken);
  const folders = await readList(taken);
  const isBack = folders !== null && (await putInPlace(worktree, taken, folders));
  await remove(taken);
  return isBack;
}

/** All of them or none. */
async function putInPlace(
  worktree: string,
  taken: string,
  folders: readonly string[],
): Promise<boolean> {
  for (const [at, folder] of folders.entries()) {
    const [from, place] = [join(taken, String(at)), join(worktree, folder)];
    const isRoom = (await isFolderReached(worktree, dirname(folder))) && !statOf(place);
    if (!isRoom || !isFolder(from)) {
      await deleteAll(worktree, folders.slice(0, at));
      return false;
    }
    await rename(from, place);
  }
  return true;
}

/** Null where something has harmed it: then what it lists is none. */
async function readList(stored: string): Promise<readonly string[] | null> {
  const text = await readFile(join(stored, LIST), "utf8").catch(() => "");
  const read = z.array(z.string()).safeParse(parse(text));
  return read.success ? read.data : null;
}

async function removeOldest(worktree: string): Promise<void> {
  const all = await readdir(cachesBeside(worktree), { withFileTypes: true });
  const folders = all.filter((each) => each.isDirectory()).map(({ name }) => name);
  const at = (name: string) => join(cachesBeside(worktree), name);
  const stored = folders
    .filter((name) => !name.startsWith("half-"))
    .sort((a, b) => (statOf(at(b))?.mtimeMs ?? 0) - (statOf(at(a))?.mtimeMs ?? 0));
  // Halves are what a kill left: one runner uses a worktree at a time.
  const leftovers = folders.filter((name) => name.startsWith("half-"));
  for (const name of [...stored.slice(STORED_MAX), ...leftovers]) await remove(at(name));
}

/** Real folders only: a link would lead out of the worktree. */
async function findCaches(
  worktree: string,
  wish: CacheWish,
  under = "",
): Promise<readonly string[]> {
  const { names, tracked } = wish;
  if (names.length === 0) return [];
  const entries = await readdir(join(worktree, under), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory() || entry.name === ".git") continue;
    const path = under === "" ? entry.name : `${under}/${entry.name}`;
    const isWished = names.includes(entry.name) || names.includes(path);
    if (isWished && !tracked.has(path)) found.push(path);
    else found.push(...(await findCaches(worktree, wish, path)));
  }
  return found;
}

async function deleteAll(worktree: string, folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    if (await isFolderReached(worktree, folder)) await remove(join(worktree, folder));
  }
}

async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 3 });
}

const LIST = "folders.json";

/** Beside the worktree, so that folders get there by a rename. */
export function cachesBeside(worktree: string): string {
  return join(dirname(worktree), `.caches-of-${basename(worktree).replace(/^\./, "")}`);
}

async function readState(worktree: string): Promise<State | null> {
  const text = await readFile(join(cachesBeside(worktree), "state.json"), "utf8").catch(() => null);
  if (text === null) return null;
  const read = State.safeParse(parse(text));
  return read.success && read.data.worktree === identityOf(worktree) ? read.data : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function writeState(
  worktree: string,
  state: Pick<State, "key" | "isWhole"> & { readonly folders: readonly string[] },
): void {
  const content = JSON.stringify({ worktree: identityOf(worktree), ...state });
  writeFileDurably(join(cachesBeside(worktree), "state.json"), content);
}

/** git writes this file once, when it makes the worktree. */
function identityOf(worktree: string): string {
  const found = statOf(join(worktree, ".git"));
  return found ? `${found.ino} ${found.birthtimeMs}` : "none";
}

function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false;
}

function statOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}
