import { createHash } from "node:crypto";
import { linkSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { DataFolder } from "./data-folder.ts";
import { isAlive, ownIdentity } from "./process-identity.ts";
import { syncFolder, writeBeside } from "./write-file-durably.ts";

/** What `run/core.json` says of the core that holds the data folder. */
const CoreHolder = z.object({
  pid: z.number().int().positive(),
  version: z.string(),
  startedAt: z.iso.datetime(),
  bootId: z.string().nullable(),
  startTicks: z.string().nullable(),
});
export type CoreHolder = z.infer<typeof CoreHolder>;

export type CoreLock =
  | { readonly kind: "held"; release(): void }
  | { readonly kind: "taken"; readonly holder: CoreHolder };

/**
 * Makes this process the only core of the data folder. `run/` must exist.
 *
 * The lock is a file that appears whole or not at all (a link to a finished one). A holder that is provably gone is replaced;
 * the right to replace it is itself a file that only one process can make, so that two that find the same dead holder never
 * both win. A claimant that died on the way is passed over in the same manner.
 */
export function acquireCoreLock(folder: DataFolder, core: { readonly version: string }): CoreLock {
  const holder = { ...ownIdentity(), version: core.version, startedAt: new Date().toISOString() };
  const content = `${JSON.stringify(holder)}\n`;
  const beside = writeBeside(folder.coreFile, content, 0o600);
  try {
    for (;;) {
      if (link(beside, folder.coreFile)) break;
      const found = readHolder(folder.coreFile);
      if (!found) continue; // Released between the two lines.
      if (isAlive(found.holder)) return { kind: "taken", holder: found.holder };
      const claimed = replaceDeadHolder(folder, found.content, beside);
      if (claimed.kind === "replaced") break;
      if (claimed.kind === "busy") return { kind: "taken", holder: claimed.claimant };
    }
  } finally {
    rmSync(beside, { force: true });
  }
  syncFolder(folder.run);
  removeClaims(folder);
  return { kind: "held", release: () => release(folder.coreFile, content) };
}

/** Who holds the data folder now; null when nobody alive does. */
export function findCoreHolder(folder: DataFolder): CoreHolder | null {
  const found = readHolder(folder.coreFile);
  return found && isAlive(found.holder) ? found.holder : null;
}

type Claim =
  | { readonly kind: "replaced" }
  /** Another process is replacing the dead holder at this moment. */
  | { readonly kind: "busy"; readonly claimant: CoreHolder }
  /** The holder is no longer the one that was seen. */
  | { readonly kind: "changed" };

/**
 * Invariant: what stands in core.json is removed by its own owner, or, once that is dead, by the one process that made the
 * claim file named after it. Contents never repeat (pid, start, time), so a late claimant sees that its claim is void.
 */
function replaceDeadHolder(folder: DataFolder, dead: string, beside: string): Claim {
  for (let passedOver = dead; ; ) {
    const claim = claimFile(folder, passedOver);
    if (link(beside, claim)) {
      if (readHolder(folder.coreFile)?.content !== dead) {
        rmSync(claim, { force: true });
        return { kind: "changed" };
      }
      renameSync(beside, folder.coreFile);
      return { kind: "replaced" };
    }
    const other = readHolder(claim);
    if (!other) return { kind: "changed" };
    if (isAlive(other.holder)) {
      const isDone = readHolder(folder.coreFile)?.content !== dead;
      return isDone ? { kind: "changed" } : { kind: "busy", claimant: other.holder };
    }
    passedOver += other.content;
  }
}

function claimFile(folder: DataFolder, passedOver: string): string {
  const hash = createHash("sha256").update(passedOver).digest("hex").slice(0, 24);
  return `${folder.coreFile}.claim-${hash}`;
}

/** Claims name holders of the past: while this process lives, none can be against it. */
function removeClaims(folder: DataFolder): void {
  const prefix = `${basename(folder.coreFile)}.claim-`;
  for (const name of readdirSync(folder.run)) {
    if (name.startsWith(prefix)) rmSync(join(folder.run, name), { force: true });
  }
}

function release(coreFile: string, content: string): void {
  if (readHolder(coreFile)?.content === content) rmSync(coreFile, { force: true });
}

/** False when `to` exists already. */
function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function readHolder(
  file: string,
): { readonly content: string; readonly holder: CoreHolder } | null {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  try {
    return { content, holder: CoreHolder.parse(JSON.parse(content)) };
  } catch (error) {
    // No core leaves half a file, so nothing says that whoever wrote this is gone.
    throw new SwitchyardError(
      "data-folder-unusable",
      `${file} does not say who holds the data folder.`,
      `If no Switchyard runs, remove ${file} and start again.`,
      error,
    );
  }
}
