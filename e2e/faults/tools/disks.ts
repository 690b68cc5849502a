import { execFileSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";

/** A disk in memory that a test may fill. Disposal unmounts it. */
export interface Tmpfs extends Disposable {
  readonly folder: string;
}

/** Null where it is possible, else why not. */
export function whyNoTmpfs(): string | null {
  if (process.platform !== "linux") return "a tmpfs needs Linux";
  if (process.getuid?.() !== 0) return "mounting a tmpfs needs root";
  try {
    mountTmpfs("size=64k")[Symbol.dispose]();
    return null;
  } catch (error) {
    return `no tmpfs can be mounted here: ${String(error).split("\n")[0]}`;
  }
}

/** `options` as mount takes them: `size=8m`, `nr_inodes=64`. */
export function mountTmpfs(options: string): Tmpfs {
  const folder = mkdtempSync(path.join(os.tmpdir(), "sy-disk-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "switchyard-test", folder], {
    stdio: "pipe",
  });
  return {
    folder,
    [Symbol.dispose]() {
      // Lazily: a process that is just ending may still hold a file on it.
      execFileSync("umount", ["-l", folder], { stdio: "pipe" });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Takes every free byte of the disk while `work` runs. */
export async function fillDisk(disk: Tmpfs, work: () => Promise<void>): Promise<void> {
  const filler = path.join(disk.folder, ".filler");
  try {
    fill(disk.folder, filler);
    await work();
  } finally {
    rmSync(filler, { force: true });
  }
}

/** Others take room and give it back meanwhile: it is written until there is none. */
function fill(folder: string, filler: string): void {
  const { bavail, bsize } = statfsSync(folder);
  const block = Buffer.alloc(Math.max(bsize, 1 << 20));
  const file = openSync(filler, "w");
  try {
    for (let left = bavail * bsize + block.length; left > 0; left -= block.length)
      writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  } finally {
    closeSync(file);
  }
}

/** A disk that is one file, so that copying the file is what a power cut leaves. Disposal unmounts it. */
export interface ImageDisk extends Disposable {
  readonly folder: string;
  readonly image: string;
}

/** Null where it is possible, else why not. */
export function whyNoImageDisk(): string | null {
  const why = whyNoTmpfs();
  if (why !== null) return why;
  try {
    const folder = mkdtempSync(path.join(os.tmpdir(), "sy-image-"));
    try {
      makeImageDisk(path.join(folder, "image"))[Symbol.dispose]();
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return null;
  } catch (error) {
    return `no disk in a file can be mounted here: ${String(error).split("\n")[0]}`;
  }
}

export function makeImageDisk(image: string): ImageDisk {
  execFileSync("truncate", ["-s", "96M", image], { stdio: "pipe" });
  execFileSync("mkfs.ext4", ["-q", "-F", image], { stdio: "pipe" });
  return mountImageDisk(image);
}

/** `folder`: where it is mounted; one of its own where none is named. */
export function mountImageDisk(
  image: string,
  folder = mkdtempSync(path.join(os.tmpdir(), "sy-disk-")),
): ImageDisk {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-o", "loop", image, folder], { stdio: "pipe" });
  return {
    folder,
    image,
    [Symbol.dispose]() {
      execFileSync("umount", ["-l", folder], { stdio: "pipe" });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
