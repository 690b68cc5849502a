import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../../base/process-identity.ts";
import { type ClaudeStatus, readClaudeStatus } from "./read-claude-status.ts";

/**
 * What the living CLI processes of a profile's folder say of themselves. Files of dead ones, which a killed CLI leaves behind,
 * and files that do not parse say nothing.
 *
 * Only `<pid>.json` is ever opened: beside them the CLI keeps `.key` files, which are none of our business.
 */
export function listClaudeStatuses(dir: string, now: Date): readonly ClaudeStatus[] {
  const folder = join(dir, "sessions");
  return listFiles(folder).flatMap((name) => {
    const status = readStatus(join(folder, name), now);
    return status && isAlive({ ...status, bootId: null }) ? [status] : [];
  });
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => /^\d+\.json$/.test(name));
  } catch {
    return [];
  }
}

function readStatus(file: string, now: Date): ClaudeStatus | null {
  try {
    return readClaudeStatus(readFileSync(file, "utf8"), now);
  } catch {
    return null;
  }
}
