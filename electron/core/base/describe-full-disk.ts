import { statfsSync } from "node:fs";

/**
 * What a disk that takes nothing more is out of: the system says ENOSPC for both. A disk can have gigabytes free and room for no
 * further file.
 */
export function describeFullDisk(folder: string): string {
  return isOutOfInodes(folder)
    ? `The disk of ${folder} has no room for another file (inodes), whatever its size`
    : `The disk of ${folder} is full`;
}

/** False also where the disk counts no inodes, or cannot be asked. */
export function isOutOfInodes(folder: string): boolean {
  try {
    const { files, ffree, bavail } = statfsSync(folder);
    return files > 0 && bavail > 0 && ffree <= SPARE;
  } catch {
    return false;
  }
}

/** A store and its journals are opened together: with less than these none of it works. */
const SPARE = 2;
