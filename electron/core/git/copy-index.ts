import { copyFile, stat, utimes } from "node:fs/promises";

/**
 * Copies a git index. The copy is as old as the original or older: git reads the content of a file that is not older than the index,
 * because its time does not tell then whether it has changed.
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  const { atime, mtimeMs } = await stat(from);
  await copyFile(from, to);
  await utimes(to, atime, Math.floor(mtimeMs / 1000));
}
