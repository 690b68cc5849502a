import { fold } from "./find-twin-paths.ts";

/** Which paths differ between two commits, told without renames, in the forms in which two branches are compared. */
export interface BranchChanges {
  readonly paths: ReadonlySet<string>;
  /** Folders of those paths, all the way up. */
  readonly folders: ReadonlySet<string>;
  /** … of paths that are new. */
  readonly addedFolders: ReadonlySet<string>;
  /** Folders of which nothing is left: only such a one counts as renamed. */
  readonly removedFolders: ReadonlySet<string>;
  /** New paths by their spelling where case and Unicode form are not told apart. */
  readonly added: ReadonlyMap<string, string>;
  readonly removed: ReadonlySet<string>;
}

export interface ChangedPath {
  /** git's letter: A, D, M or T. */
  readonly status: string;
  readonly path: string;
  readonly isFolder: boolean;
}

export function toBranchChanges(changed: readonly ChangedPath[]): BranchChanges {
  const folders = new Set<string>();
  const addedFolders = new Set<string>();
  const removedFolders = new Set<string>();
  const added = new Map<string, string>();
  const removed = new Set<string>();
  const paths = new Set<string>();
  for (const { status, path, isFolder } of changed) {
    if (isFolder) {
      if (status === "D") removedFolders.add(path);
      continue;
    }
    paths.add(path);
    const above = foldersOf(path);
    for (const folder of above) folders.add(folder);
    if (status === "D") removed.add(path);
    if (status !== "A") continue;
    added.set(fold(path), path);
    for (const folder of above) addedFolders.add(folder);
  }
  return { paths, folders, addedFolders, removedFolders, added, removed };
}

/**
 * Whether merging them needs a look: they touch one path, one makes a folder where the other has a file, or one adds to a folder
 * that the other may have renamed. Where this says no, git merges them cleanly.
 */
export function mayMeet(one: BranchChanges, other: BranchChanges): boolean {
  return (
    haveCommon(one.paths, other.paths) ||
    haveCommon(one.paths, other.folders) ||
    haveCommon(one.folders, other.paths) ||
    haveCommon(one.removedFolders, other.addedFolders) ||
    haveCommon(one.addedFolders, other.removedFolders)
  );
}

/** New paths of both that are one file where case or Unicode form is not told apart. */
export function findTwins(one: BranchChanges, other: BranchChanges): readonly string[] {
  const [few, many] = one.added.size <= other.added.size ? [one, other] : [other, one];
  return [...few.added].flatMap(([folded, path]) => {
    const twin = many.added.get(folded);
    return twin === undefined || twin === path ? [] : [path, twin];
  });
}

/** Looked through from the smaller side. */
export function haveCommon(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  const [few, many] = one.size <= other.size ? [one, other] : [other, one];
  for (const each of few) if (many.has(each)) return true;
  return false;
}

function foldersOf(path: string): readonly string[] {
  const folders: string[] = [];
  for (let end = path.indexOf("/"); end > 0; end = path.indexOf("/", end + 1))
    folders.push(path.slice(0, end));
  return folders;
}
