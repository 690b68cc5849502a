import { chmodSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Profile } from "../../../shared/model/profile.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { expandTilde } from "../base/data-folder.ts";
import { writeFileDurably } from "../base/write-file-durably.ts";

const MARK = "# Written by Switchyard";

/**
 * Writes a script that runs the profile's program outside of Switchyard, and returns its path. `out` names the file, or a folder
 * that gets `claude-<name>`. Values of the profile's own variables stay in the core: the script only says which ones are missing.
 * Throws `bad-input` when something else stands there.
 */
export function writeProfileWrapper(profile: Profile, out: string, home: string): string {
  const named = expandTilde(out, home);
  const isFolder = statSync(named, { throwIfNoEntry: false })?.isDirectory() ?? false;
  const file = isFolder ? join(named, `claude-${profile.name}`) : named;
  refuseForeignFile(file);
  writeFileDurably(file, wrapperOf(profile, home), { mode: 0o755 });
  chmodSync(file, 0o755);
  return file;
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
    // A key in the shell would outrank the subscription and be billed.
    ...(isSubscription
      ? ["unset ANTHROPIC_API_KEY ANTHROPIC_AUTH_TOKEN CLAUDE_CODE_OAUTH_TOKEN"]
      : []),
    `exec ${quote(executable)} "$@"`,
    "",
  ].join("\n");
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
