import { statSync } from "node:fs";
import { tmpdir } from "node:os";
import { SwitchyardError } from "../../../../shared/model/switchyard-error.ts";
import { unreachable } from "../../../../shared/model/unreachable.ts";
import { resolveExecutable } from "../../process/resolve-executable.ts";
import { ProcessError, runProcess } from "../../process/run-process.ts";

const VERSION_TIMEOUT_MS = 15_000;
/** From here on a hook can be told to stop a call when it fails (reliability-security-ux.md 0.11). */
export const OLDEST_CLAUDE = "2.1.295";

/**
 * The program that a profile's sessions run: what the profile names, else `claude` as the PATH of its sessions finds it.
 * Throws `executable-missing` or `executable-not-runnable`; the way out speaks of `profile`, or of adding one.
 */
export function resolveClaude(
  named: string | null,
  where: { readonly pathVariable: string; readonly homeFolder: string },
  profile: string | null = null,
): string {
  const rename = nameProgram(profile);
  const found = resolveExecutable(named ?? "claude", where);
  switch (found.kind) {
    case "found":
      return found.file;
    case "missing":
      throw new SwitchyardError(
        "executable-missing",
        named === null
          ? "Claude Code is not installed: there is no program claude on the PATH."
          : `There is no program ${named}.`,
        named === null
          ? `Install it (npm install -g @anthropic-ai/claude-code), or name it with: ${rename}`
          : `Correct it with: ${rename}`,
      );
    case "not-runnable":
      throw new SwitchyardError(
        "executable-not-runnable",
        `${found.file} cannot be run: ${found.why}.`,
        found.why === "it has no permission to run"
          ? `Allow it with: chmod +x ${found.file}`
          : `Name the program itself with: ${rename}`,
      );
    default:
      return unreachable(found);
  }
}

function nameProgram(profile: string | null): string {
  return profile === null
    ? "switchyard profile add NAME --plan pro --executable PATH"
    : `switchyard profile set ${profile} --executable PATH`;
}

/** Versions of programs, asked once for each state of each file. */
export class ClaudeVersions {
  readonly #known = new Map<string, string>();

  /** E.g. `2.1.329`. Throws `executable-not-runnable` for a program that does not say a version. */
  async of(
    file: string,
    env: Readonly<Record<string, string>>,
    signal: AbortSignal,
    profile: string | null = null,
  ): Promise<string> {
    // A link may lead elsewhere by now, and packages give all their versions' files the same time.
    const { dev, ino, size, mtimeMs } = statSync(file);
    const key = [file, dev, ino, size, mtimeMs].join("\0");
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const version = await askVersion(file, env, signal, profile);
    this.#known.set(key, version);
    return version;
  }
}

/** Whether this version does all that is relied on. */
export function isClaudeSupported(version: string): boolean {
  const [have, need] = [version, OLDEST_CLAUDE].map((text) =>
    text.split(".").map((part) => Number.parseInt(part, 10)),
  );
  for (const [at, least] of (need ?? []).entries()) {
    const part = have?.[at] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

async function askVersion(
  file: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
  profile: string | null,
): Promise<string> {
  try {
    const place = { cwd: tmpdir(), env, timeoutMs: VERSION_TIMEOUT_MS, signal };
    const { stdout } = await runProcess(file, ["--version"], place);
    const version = /\d+\.\d+\.\d+\S*/.exec(stdout)?.[0];
    if (version !== undefined) return version;
    throw noClaude(
      file,
      `it answered "${stdout.trim().split("\n")[0]?.slice(0, 80) ?? ""}"`,
      profile,
    );
  } catch (error) {
    if (error instanceof ProcessError) throw noClaude(file, error.message, profile, error);
    throw error;
  }
}

function noClaude(
  file: string,
  why: string,
  profile: string | null,
  cause?: unknown,
): SwitchyardError {
  // Some programs answer with a page; its first line is what it is about.
  const [first = ""] = why.split("\n");
  return new SwitchyardError(
    "executable-not-runnable",
    `${file} does not tell its version, so it is not taken for Claude Code: ${first.replace(/[.\s]+$/, "")}.`,
    `Name another program with: ${nameProgram(profile)}`,
    cause,
  );
}
