import { lstat, realpath } from "node:fs/promises";
import { join } from "node:path";

/** Whether `path`, from `top`, is a folder with no link on the way: only then is what lies in it ours to move or to delete. */
export async function isFolderReached(top: string, path: string): Promise<boolean> {
  const place = join(top, path);
  const real = await realpath(place).catch(() => null);
  return real === join(await realpath(top), path) && (await lstat(place)).isDirectory();
}
