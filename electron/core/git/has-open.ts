import { readdir, readlink } from "node:fs/promises";

/** Whether some process of ours has this file open; null where the system does not tell (outside Linux). */
export async function hasOpen(path: string): Promise<boolean | null> {
  if (process.platform !== "linux") return null;
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    // Processes of other people, and those that end meanwhile, cannot be read.
    const folder = `/proc/${pid}/fd`;
    for (const descriptor of await readdir(folder).catch(() => [])) {
      if ((await readlink(`${folder}/${descriptor}`).catch(() => "")) === path) return true;
    }
  }
  return false;
}
