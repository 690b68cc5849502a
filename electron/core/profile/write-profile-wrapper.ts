import { chmodSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Profile } from "../../../shared/model/profile.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { expandTilde } from "../base/data-folder.ts";
import { makeFolder } from "../base/make-folder.ts";
import { writeFileDurably } from "../base/write-file-durably.ts";

const MARK = "# Written by Switchyard";

/**
 * Writes a script that runs the profile's program outside of Switchyard, and returns its path. `out` names the file, or a folder
 * that gets `claude-<name>`: one that is there, or one that is made because the name ends in a slash or is `bin`. Values of the
 * profile's own variables stay in the core: the script only says which ones are missing. Throws `bad-input` when something else
 * stands there, or when nothing can be written there.
 */
export function writeProfileWrapper(profile: Profile, out: string, home: string): string {
  const named = expandTilde(out, home);
  const file = isFolder(named) ? join(named, `claude-${profile.name}`) : named;
  refuseForeignFile(file);
  try {
    makeFolder(dirname(file));
    writeFileDurably(file, wrapperOf(profile, home), { mode: 0o755 });
    chmodSync(file, 0o755);
  } catch (error) {
    // What the file system throws carries its code: a folder that takes no file, a file where a folder would have to be.
    const { code } = error as NodeJS.ErrnoException;
    throw new SwitchyardError(
      "bad-input",
      `${file} cannot be written (${code}).`,
      "Name a folder that you may write to with --out.",
    );
  }
  return file;
}

function isFolder(named: string): boolean {
  const found = statSync(named, { throwIfNoEntry: false });
  return found?.isDirectory() ?? /[\\/]$|[\\/]bin$/.test(named);
}

function wrapperOf(profile: Profile, home: string): string {
  const executable = expandTilde(profile.executable ?? "claude", home);
  const dir =
    profile.dir === null
      ? "unset CLAUDE_CONFIG_DIR"
      : `export CLAUDE_CONFIG_DIR=${quote(profile.dir)}`;
  const isSubscription = profile.plan !== "api" && profile.plan !== "custom";
  return [
    "#!/bin/sh",
    `${MARK}: the profile ${profile.name}.`,
    ...profile.envNames.map(
      (name) => `# Sessions in Switchyard also get ${name}; set it yourself where it is needed.`,
    ),
    dir,
    ...(isSubscription ? [`unset ${outranking(profile).join(" ")}`] : []),
    `exec ${quote(executable)} "$@"`,
    "",
  ].join("\n");
}

/**
 * What in a shell would outrank the subscription and be billed, or take its login to somebody else's address. What the profile has
 * of its own stays: it may be its login.
 */
const OUTRANKING = [
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_AUTH_TOKEN",
  "ANTHROPIC_BASE_URL",
  "CLAUDE_CODE_OAUTH_TOKEN",
  // Other providers, as 2.1.329 knows them.
  "CLAUDE_CODE_USE_ANTHROPIC_AWS",
  "CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD",
  "CLAUDE_CODE_USE_BEDROCK",
  "CLAUDE_CODE_USE_FOUNDRY",
  "CLAUDE_CODE_USE_GATEWAY",
  "CLAUDE_CODE_USE_MANTLE",
  "CLAUDE_CODE_USE_VERTEX",
];

function outranking({ envNames }: Profile): readonly string[] {
  return OUTRANKING.filter((name) => !envNames.includes(name));
}

function refuseForeignFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found) return;
  if (found.isFile() && readFileSync(file, "utf8").includes(MARK)) return;
  throw new SwitchyardError(
    "bad-input",
    `${file} exists and was not written by Switchyard.`,
    "Name another file with --out.",
  );
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
