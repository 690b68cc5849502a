import { GitError } from "./run-git.ts";

/**
 * Whether git failed because an object is not there. What no ref names yet can be taken by a `git gc --prune=now` of the person's at
 * any moment; made again, it has the same content.
 */
export function isObjectGone(error: unknown): boolean {
  return error instanceof GitError && GONE.test(error.stderr);
}

const GONE =
  /not a valid (object|commit name)|bad (tree |commit )?object|not a tree object|nonexistent object|Needed a single revision|unable to read (tree|sha1|object)|(could not|failed to) (read|parse) (tree|commit|object|[0-9a-f]{40})|missing (object|blob|tree|commit)|reference is not a tree|is empty$|does not point to a valid object/im;
