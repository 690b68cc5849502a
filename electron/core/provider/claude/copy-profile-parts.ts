import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { copyFile, lstat, mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse as parseYaml } from "yaml";
import type { ShareableItem, ShareOutcome } from "../../../../shared/model/profile-sharing.ts";
import { SwitchyardError } from "../../../../shared/model/switchyard-error.ts";
import { unreachable } from "../../../../shared/model/unreachable.ts";
import type { Clock } from "../../base/clock.ts";
import { blotSecrets } from "../../base/log.ts";
import { writeFileDurably } from "../../base/write-file-durably.ts";
import {
  type ClaudeConfig,
  changeClaudeConfig,
  readClaudeConfig,
  toConfig,
} from "./claude-config-file.ts";

/** Settings that are taste and manners. Everything else may start a program, hold a secret or decide who pays. */
const PLAIN_SETTINGS = [
  "$schema",
  "alwaysThinkingEnabled",
  "attribution",
  "autoCompactEnabled",
  "cleanupPeriodDays",
  "editorMode",
  "effortLevel",
  "includeCoAuthoredBy",
  "language",
  "model",
  "outputStyle",
  "prefersReducedMotion",
  "respectGitignore",
  "showTurnDuration",
  "spinnerTipsEnabled",
  "syntaxHighlightingDisabled",
  "terminalProgressBarEnabled",
  "theme",
  "verbose",
];
/** Of the permissions only what names tools and folders; never a mode in which nothing is asked. */
const PERMISSION_LISTS = ["allow", "ask", "deny", "additionalDirectories"];
/** An entry without a condition, or with one that everything meets. */
const WHOLE_TOOL = /^[^(]*(?:\((?:domain:)?[\s:*/~]*\))?$/;
/** Commands that were allowed for good stand in the settings as they were typed, with the value of their variables and headers. */
const TYPED_SECRET = /\b\w*(?:key|token|secret|password|authorization)\b["']?\s*[=:]/i;
const NAMED_SECRET = /:\/\/[^/\s"]*@|[?&-](?:\w*[-_])?(?:key|token|secret|password|auth)\b/i;
/** Entries under way: one more level down than skills are looked for. What a core that was killed left there is none of the profile's. */
const UNDER_WAY = ".switchyard-copy-";
/** What a person writes for a skill is a few pages; more is left out and said. */
const FILE_MAX_BYTES = 5 * 1024 * 1024;

interface CopyOrder {
  /** The profiles' folders; null: the provider's default one. */
  readonly from: string | null;
  readonly to: string | null;
  /** The person's home folder, where the default profile is. */
  readonly home: string;
  readonly items: readonly ShareableItem[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

interface Outcome {
  readonly copied: string[];
  readonly leftOut: { readonly what: string; readonly why: string }[];
}

/**
 * Copies skills, commands, agents, MCP servers and settings from one profile's folder into another's. What is there already stays.
 * A copy and no link: sessions of one profile never write in another's folder. Left out, and said so: hooks and whatever carries
 * them, keys and tokens and what may hold one, permissions that allow a whole tool, links to other places. Credentials are never looked at.
 *
 * Throws `bad-input` for the default profile as the target, which is the person's own and never written; `settings-invalid` for a file that
 * does not parse, where nothing else was asked for.
 */
export async function copyProfileParts(order: CopyOrder): Promise<ShareOutcome> {
  const { to, home } = order;
  if (to === null) {
    throw new SwitchyardError(
      "bad-input",
      "The default profile is your own Claude Code's folder, ~/.claude, and is never written.",
      "Share from it with a profile that has a folder of its own.",
    );
  }
  const from = order.from ?? join(home, ".claude");
  const outcome: Outcome = { copied: [], leftOut: [] };
  const copyItem = async (item: ShareableItem): Promise<void> => {
    switch (item) {
      case "skills":
      case "commands":
      case "agents":
        return copyTexts(join(from, item), join(to, item), item, outcome, order.signal);
      case "settings":
        return copySettings(join(from, "settings.json"), join(to, "settings.json"), outcome);
      case "mcp-servers":
        return copyServers(order.from === null ? home : from, to, order, outcome);
      default:
        return unreachable(item);
    }
  };
  const items = new Set(order.items);
  for (const item of items) {
    try {
      await copyItem(item);
    } catch (error) {
      const isInvalid = error instanceof SwitchyardError && error.code === "settings-invalid";
      // One file that does not parse keeps nothing else from being copied.
      if (!isInvalid || items.size === 1) throw error;
      outcome.leftOut.push({ what: item, why: [error.message, error.hint].join(" ") });
    }
  }
  return outcome;
}

/** One entry of the folder, a file or a whole skill, is copied or left out as one. */
async function copyTexts(
  from: string,
  to: string,
  item: string,
  outcome: Outcome,
  signal: AbortSignal,
): Promise<void> {
  await removeLeftovers(to);
  for (const name of listNames(from)) {
    signal.throwIfAborted();
    if (name.startsWith(UNDER_WAY)) continue;
    const what = `${item}/${name}`;
    const files = existsSync(join(to, name)) ? "it is there already" : await collect(from, name);
    if (typeof files === "string") {
      outcome.leftOut.push({ what, why: files });
      continue;
    }
    await copyEntry(name, files, from, to, signal);
    outcome.copied.push(what);
  }
}

/** Copied elsewhere first: an entry that is there at all is there whole, or the next time would take half a skill for one. */
async function copyEntry(
  name: string,
  files: readonly string[],
  from: string,
  to: string,
  signal: AbortSignal,
): Promise<void> {
  const place = join(to, `${UNDER_WAY}${process.pid}-${randomBytes(4).toString("hex")}`);
  try {
    for (const file of files) {
      signal.throwIfAborted();
      await mkdir(dirname(join(place, file)), { recursive: true, mode: 0o700 });
      await copyFile(join(from, file), join(place, file));
    }
    // A folder without a file is no skill.
    if (files.length > 0) await rename(join(place, name), join(to, name));
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

async function removeLeftovers(folder: string): Promise<void> {
  const own = `${UNDER_WAY}${process.pid}-`;
  for (const name of listNames(folder))
    if (name.startsWith(UNDER_WAY) && !name.startsWith(own))
      await rm(join(folder, name), { recursive: true, force: true });
}

/** The files of an entry, relative to its folder; or why it cannot be shared. */
async function collect(from: string, entry: string): Promise<readonly string[] | string> {
  const found = await lstat(join(from, entry));
  if (found.isSymbolicLink()) return `${entry} is a link to another place`;
  if (found.isDirectory()) {
    const files: string[] = [];
    for (const name of listNames(join(from, entry))) {
      const below = await collect(from, join(entry, name));
      if (typeof below === "string") return below;
      files.push(...below);
    }
    return files;
  }
  if (!found.isFile()) return `${entry} is not a file`;
  if (found.size > FILE_MAX_BYTES) return `${entry} is larger than 5 MB`;
  const content = readFileSync(join(from, entry), "utf8");
  if (hasHooks(content)) return `${entry} brings hooks`;
  if (blotSecrets(content) !== content) return `${entry} holds what looks like a key`;
  return [entry];
}

/** Skills and agents can name hooks in the lines on top. Lines that cannot be read may name some. */
function hasHooks(content: string): boolean {
  const top = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---/.exec(content)?.[1];
  if (top === undefined) return false;
  try {
    return "hooks" in toConfig(parseYaml(top));
  } catch {
    return /^\s*["']?hooks["']?\s*:/m.test(top);
  }
}

function copySettings(from: string, to: string, outcome: Outcome): void {
  const source = readClaudeConfig(from);
  const target = readClaudeConfig(to);
  const taken: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(source)) {
    const what = `settings: ${name}`;
    if (!PLAIN_SETTINGS.includes(name) && name !== "permissions") {
      outcome.leftOut.push({ what, why: "it may start a program, hold a key or decide who pays" });
    } else if (name in target) outcome.leftOut.push({ what, why: "it is there already" });
    else if (name === "permissions") {
      const plain = plainPermissions(value, outcome);
      if (Object.keys(plain).length === 0) {
        outcome.leftOut.push({ what, why: "nothing of it can be shared" });
        continue;
      }
      taken[name] = plain;
      outcome.copied.push(what);
    } else if (holdsKey(value))
      outcome.leftOut.push({ what, why: "it holds what looks like a key" });
    else {
      taken[name] = value;
      outcome.copied.push(what);
    }
  }
  if (Object.keys(taken).length === 0) return;
  const whole = { ...target, ...taken };
  writeFileDurably(to, `${JSON.stringify(whole, null, 2)}\n`, { mode: 0o600 });
  chmodSync(to, 0o600);
}

function plainPermissions(value: unknown, outcome: Outcome): ClaudeConfig {
  const permissions: Record<string, readonly string[]> = {};
  for (const [name, list] of Object.entries(toConfig(value))) {
    if (!PERMISSION_LISTS.includes(name) || !Array.isArray(list)) continue;
    const kept = list.filter((entry, index): entry is string => {
      if (typeof entry !== "string") return false;
      const why = whyNotShared(name, entry);
      // What may hold a key is told by its place.
      const tool = /^\w*/.exec(entry)?.[0];
      const what = `settings: permissions.${name}, entry ${index + 1} (${tool})`;
      if (why !== null) outcome.leftOut.push({ what, why: `${why}; add it by hand` });
      return why === null;
    });
    if (kept.length > 0) permissions[name] = kept;
  }
  return permissions;
}

function whyNotShared(list: string, entry: string): string | null {
  if (holdsKey(entry)) return "it holds what looks like a key";
  // Of what is asked or refused nothing is left out for its looks.
  if (list !== "allow") return null;
  if (NAMED_SECRET.test(entry) || TYPED_SECRET.test(entry)) return "it may hold a key";
  return WHOLE_TOOL.test(entry) ? "it allows a whole tool" : null;
}

function holdsKey(value: unknown): boolean {
  const text = JSON.stringify(value) ?? "";
  return blotSecrets(text) !== text;
}

async function copyServers(
  from: string,
  to: string,
  { clock, signal }: CopyOrder,
  outcome: Outcome,
): Promise<void> {
  const servers = toConfig(readClaudeConfig(join(from, ".claude.json")).mcpServers);
  const there = toConfig(readClaudeConfig(join(to, ".claude.json")).mcpServers);
  const taken: Record<string, unknown> = {};
  for (const [name, server] of Object.entries(servers)) {
    const what = `MCP server ${name}`;
    const why = name in there ? "it is there already" : findSecret(toConfig(server));
    if (why === null) {
      taken[name] = server;
      outcome.copied.push(what);
    } else outcome.leftOut.push({ what, why });
  }
  if (Object.keys(taken).length === 0) return;
  const serversOf = (config: ClaudeConfig) => toConfig(config.mcpServers);
  const change = {
    isMade: (config: ClaudeConfig) => Object.keys(taken).every((name) => name in serversOf(config)),
    make: (config: ClaudeConfig) => ({
      ...config,
      mcpServers: { ...taken, ...serversOf(config) },
    }),
  };
  await changeClaudeConfig(to, change, clock, signal);
}

/** Why a server's entry may hold a secret; null when it cannot. Its own login, by OAuth, is kept elsewhere and stays there. */
function findSecret(server: ClaudeConfig): string | null {
  for (const place of ["env", "headers"]) {
    const names = Object.keys(toConfig(server[place]));
    if (names.length > 0)
      return `its ${place} (${names.join(", ")}) may hold a key; add it by hand`;
  }
  if ("headersHelper" in server) return "it has a program of its own for keys; add it by hand";
  const isSuspect = holdsKey(server) || NAMED_SECRET.test(JSON.stringify(server));
  return isSuspect ? "its address or arguments may hold a key; add it by hand" : null;
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // Nothing of that kind is there.
    return [];
  }
}
