import { statfsSync } from "node:fs";

/**
 * What a disk that takes nothing more is out of: the system says ENOSPC for both. A disk can have gigabytes free and room for no
 * further file. `place` is a file or folder on it.
 */
export function describeFullDisk(place: string): string {
  return isOutOfInodes(place)
    ? `The disk of ${place} has no room for another file (inodes), whatever its size`
    : `The disk of ${place} is full`;
}

/** False also where the disk counts no inodes, or cannot be asked. */
export function isOutOfInodes(place: string): boolean {
  try {
    const { files, ffree, bavail } = statfsSync(place);
    return files > 0 && bavail > 0 && ffree <= SPARE;
  } catch {
    return false;
  }
}

/** A store and its journals are opened together: with less than these none of it works. */
const SPARE = 2;
