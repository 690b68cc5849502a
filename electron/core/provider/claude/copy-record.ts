import { constants, lstatSync, mkdirSync, rmdirSync, rmSync, type Stats } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { SwitchyardError } from "../../../../shared/model/switchyard-error.ts";
import { syncFolder } from "../../base/write-file-durably.ts";
import { transcriptFile } from "./read-last-messages.ts";

const CHUNK_BYTES = 1024 * 1024;
/** A copy under way; its name is always the same, so that one that a kill cut short is found. */
const UNDER_WAY = ".switchyard-move";

export interface RecordMove {
  /** Folders of the two profiles; the person's own default folder is written by nobody else. */
  readonly from: string;
  readonly to: string;
  readonly conversation: string;
  readonly cwd: string;
  /** Where the program said that the record is; null: it never did. Only the name of its folder is believed. */
  readonly recordFile: string | null;
}

/**
 * Copies the record of one conversation, and nothing else, into another profile's folder, where its program finds it by the same
 * name. Only its owner may read the copy. A crash leaves no copy or a whole one; again is the same as once. An older state of the
 * same record that lies there already, from when the conversation was there before, is replaced.
 *
 * Throws `failed` with a sentence for a symbolic link on the way, for a record that is not there, and for another record in its place.
 */
export async function copyRecord(move: RecordMove): Promise<void> {
  const source = placeOf(move, move.from);
  const place = placeOf(move, move.to);
  requireFolders(source);
  requireFolders(place, { isMade: true });
  await using from = await openRecord(source.file);
  const { size } = await from.stat();
  const found = look(place.file);
  if (found) await requireOlder(from, size, found, place.file);
  if (found?.size === size) return;
  const beside = `${place.file}${UNDER_WAY}`;
  await rm(beside, { force: true });
  try {
    await writeCopy(from, beside);
    await rename(beside, place.file);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
  syncFolder(place.folder);
}

/** Takes the copy away again, with its folder if nothing else is in it. Without the original the copy stays: it is all there is. */
export function removeRecordCopy(move: RecordMove): void {
  const place = placeOf(move, move.to);
  if (!areFolders(place)) return;
  rmSync(`${place.file}${UNDER_WAY}`, { force: true });
  const source = placeOf(move, move.from);
  const original = areFolders(source) ? look(source.file) : undefined;
  if (original?.isFile() && look(place.file)?.isFile()) rmSync(place.file);
  removeIfEmpty(place.folder);
  // The program makes one for each conversation that it opens.
  const ofProgram = join(place.dir, "session-env");
  if (look(ofProgram)?.isDirectory()) removeIfEmpty(join(ofProgram, move.conversation));
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // There is none, or something else is in it.
  }
}

interface Place {
  readonly dir: string;
  readonly projects: string;
  readonly folder: string;
  readonly file: string;
}

/** Always below the profile's own folder, whatever the program said. */
function placeOf({ cwd, conversation, recordFile }: RecordMove, dir: string): Place {
  const usual = transcriptFile(dir, cwd, conversation);
  const told = recordFile === null ? "" : basename(dirname(recordFile));
  const isTold = recordFile !== null && basename(recordFile) === basename(usual);
  const slug = isTold && /^[^./\\][^/\\]*$/.test(told) ? told : basename(dirname(usual));
  const projects = join(dir, "projects");
  const folder = join(projects, slug);
  return { dir, projects, folder, file: join(folder, basename(usual)) };
}

function areFolders({ dir, projects, folder }: Place): boolean {
  return [dir, projects, folder].every((each) => look(each)?.isDirectory());
}

function requireFolders(
  { dir, projects, folder }: Place,
  { isMade = false }: { readonly isMade?: boolean } = {},
): void {
  for (const each of [dir, projects, folder]) {
    if (isMade && !look(each)) mkdirSync(each, { mode: 0o700 });
    const found = look(each);
    if (found?.isDirectory()) continue;
    throw refusal(found ? `${each} is no folder of its own` : `there is no folder ${each}`);
  }
}

async function openRecord(file: string): Promise<FileHandle> {
  if (look(file)?.isSymbolicLink()) throw refusal(`${file} is a symbolic link`);
  let record: FileHandle;
  try {
    record = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    throw refusal(`the record of the conversation cannot be read at ${file}`, error);
  }
  if ((await record.stat()).isFile()) return record;
  await record.close();
  throw refusal(`${file} is no file`);
}

/** What is there must be how this very record began. */
async function requireOlder(
  from: FileHandle,
  size: number,
  found: Stats,
  file: string,
): Promise<void> {
  const other = () => refusal(`another record of this conversation lies at ${file}`);
  if (!found.isFile() || found.size > size) throw other();
  await using there = await openRecord(file);
  for (let at = 0; at < found.size; at += CHUNK_BYTES) {
    const [ours, theirs] = await Promise.all([readAt(from, at), readAt(there, at)]);
    if (!ours.subarray(0, theirs.length).equals(theirs)) throw other();
  }
}

async function writeCopy(from: FileHandle, file: string): Promise<void> {
  await using copy = await open(file, "wx", 0o600);
  for (let at = 0; ; ) {
    const bytes = await readAt(from, at);
    if (bytes.length === 0) break;
    await copy.writeFile(bytes);
    at += bytes.length;
  }
  await copy.sync();
}

async function readAt(file: FileHandle, at: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, at);
  return buffer.subarray(0, bytesRead);
}

function look(file: string): Stats | undefined {
  return lstatSync(file, { throwIfNoEntry: false });
}

function refusal(why: string, cause?: unknown): SwitchyardError {
  const error = new SwitchyardError("failed", `Its conversation cannot be copied: ${why}.`);
  if (cause !== undefined) error.cause = cause;
  return error;
}
