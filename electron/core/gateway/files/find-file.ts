import { realpath, stat } from "node:fs/promises";
import path from "node:path";
import { expandTilde } from "../../base/data-folder.ts";

export interface FoundFile {
  /** Absolute, symbolic links resolved. */
  readonly place: string;
  /** Whether it lies in the folder it was looked for in. */
  readonly isInside: boolean;
}

/**
 * The file that a program means by `name` where it works in `folder`; null where there is none. Where a name is only found outside
 * of the folder, also by a link that leads there, that is said.
 */
export async function findFile(
  folder: string,
  name: string,
  homeFolder: string,
): Promise<FoundFile | null> {
  const root = await realpath(folder).catch(() => null);
  for (const meant of meanings(name)) {
    const place = await realpath(path.resolve(folder, expandTilde(meant, homeFolder))).catch(
      () => null,
    );
    if (place === null || !(await stat(place).catch(() => null))?.isFile()) continue;
    return { place, isInside: root !== null && isBelow(root, place) };
  }
  return null;
}

/** As a diff names files, or an address does, or with the end of a sentence behind it. */
function meanings(name: string): readonly string[] {
  if (name.includes("\0")) return [];
  const plain = name.startsWith("file://") ? fromAddress(name) : name;
  return [plain, plain.replace(/^[ab]\//, ""), plain.replace(/[.,;:]+$/, "")];
}

function fromAddress(address: string): string {
  try {
    const { hostname, pathname } = new URL(address);
    return hostname === "" || hostname === "localhost" ? decodeURIComponent(pathname) : "";
  } catch {
    return "";
  }
}

function isBelow(root: string, place: string): boolean {
  const way = path.relative(root, place);
  return way !== "" && !/^\.\.([\\/]|$)/.test(way) && !path.isAbsolute(way);
}
