import { constants } from "node:fs";
import { type FileHandle, lstat, open, readdir, realpath } from "node:fs/promises";
import { join, sep } from "node:path";

/** Where runners of tests put their JUnit reports unless they are told. */
const FILES = /^(?:junit|report|test-report|test-results|junit-report|TEST-.*)\.xml$/;
const FOLDERS = [
  "test-results",
  "test-reports",
  "reports",
  "build/test-results",
  "target/surefire-reports",
  "target/failsafe-reports",
];
const REPORTS_MAX = 500;
const REPORT_MAX_BYTES = 8 * 1024 * 1024;
const ALL_MAX_BYTES = 32 * 1024 * 1024;

/** Reports by path, each with what changes when it is written. */
export type Reports = ReadonlyMap<string, string>;

/** The reports that lie in a worktree: the one that was named, or all in a folder that was named, else those at the usual places. */
export async function findReports(worktree: string, named: string | undefined): Promise<Reports> {
  const found = new Map<string, string>();
  const root = await realpath(worktree);
  const add = async (file: string) => {
    if (found.size >= REPORTS_MAX || !file.endsWith(".xml")) return;
    const stats = await lstat(file).catch(absentIsNull);
    if (!stats?.isFile() || !(await isWithin(root, file))) return;
    found.set(file, `${stats.ino} ${stats.size} ${stats.mtimeMs}`);
  };
  if (named !== undefined) {
    for (const file of [join(root, named), ...(await list(join(root, named)))]) await add(file);
    return found;
  }
  for (const file of await list(root, FILES)) await add(file);
  for (const folder of FOLDERS) {
    for (const file of await list(join(root, folder))) {
      await add(file);
      if (!file.endsWith(".xml")) for (const inner of await list(file)) await add(inner);
    }
  }
  return found;
}

/** The texts of those that were written since, one after the other; null for one that is too large. */
export async function* readNew(before: Reports, now: Reports): AsyncGenerator<string | null> {
  let left = ALL_MAX_BYTES;
  for (const [file, stamp] of now) {
    if (before.get(file) === stamp) continue;
    // A link or a pipe that took its place since is refused here, or gives nothing.
    const handle = await open(
      file,
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    ).catch(absentIsNull);
    if (!handle) continue;
    const text = await readWhole(handle, Math.min(REPORT_MAX_BYTES, left));
    left -= text?.length ?? 0;
    yield text;
  }
}

async function readWhole(handle: FileHandle, max: number): Promise<string | null> {
  await using file = handle;
  const { size } = await file.stat();
  if (size > max) return null;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
  return buffer.toString("utf8", 0, bytesRead);
}

async function list(folder: string, names = /./): Promise<readonly string[]> {
  const found = await readdir(folder).catch(absentIsNull);
  return (found ?? [])
    .filter((name) => names.test(name))
    .toSorted()
    .slice(0, REPORTS_MAX)
    .map((name) => join(folder, name));
}

/** A folder on the way may be a link that leads out of the worktree. */
async function isWithin(root: string, file: string): Promise<boolean> {
  const real = await realpath(file).catch(absentIsNull);
  return real?.startsWith(`${root}${sep}`) ?? false;
}

/** Nothing that can be read is there. */
function absentIsNull(): null {
  return null;
}
