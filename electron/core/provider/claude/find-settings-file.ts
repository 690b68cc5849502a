import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * The settings file of the profile that this environment is for, when it names `name` as a setting or as a variable; else null.
 * Only names are looked at, never values. A file that cannot be read or parsed names nothing.
 */
export function findSettingsFile(
  env: Readonly<Record<string, string>>,
  name: string,
): string | null {
  const folder = env.CLAUDE_CONFIG_DIR ?? (env.HOME && join(env.HOME, ".claude"));
  if (!folder) return null;
  const file = join(folder, "settings.json");
  const settings = readObject(file);
  return name in settings || name in toObject(settings.env) ? file : null;
}

/** Whether a profile's settings, which can decide who pays, were written after `since`. `dir` null: the provider's default folder. */
export function areSettingsNewer(dir: string | null, home: string, since: Date): boolean {
  const file = join(dir ?? join(home, ".claude"), "settings.json");
  return (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) >= since.getTime();
}

function readObject(file: string): Readonly<Record<string, unknown>> {
  try {
    return toObject(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return {};
  }
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  // An object has string keys; what is under them is looked at by nobody.
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
