import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Replaces a file so that a crash or a power cut at any moment leaves the old content or the new, whole.
 *
 * It blocks for two syncs (a few milliseconds on a solid-state disk): for small files that change rarely.
 */
export function writeFileDurably(
  file: string,
  content: string | Uint8Array,
  options: { readonly mode?: number } = {},
): void {
  const beside = writeBeside(file, content, options.mode ?? 0o600);
  try {
    renameSync(beside, file);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
  syncFolder(dirname(file));
}

/** Writes and syncs a file of a name nobody else uses, next to `file`; returns its path. */
export function writeBeside(file: string, content: string | Uint8Array, mode: number): string {
  const beside = `${file}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  const descriptor = openSync(beside, "wx", mode);
  try {
    const bytes = typeof content === "string" ? Buffer.from(content) : content;
    for (let written = 0; written < bytes.length; ) {
      written += writeSync(descriptor, bytes, written);
    }
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  return beside;
}

/** Makes a rename, link or removal inside `folder` survive a power cut. */
export function syncFolder(folder: string): void {
  // Windows cannot sync a folder and keeps names in a journal of its own.
  if (process.platform === "win32") return;
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
