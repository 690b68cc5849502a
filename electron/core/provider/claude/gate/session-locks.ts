import type { LockedCommand } from "./find-locked.ts";

/** What one session runs in build slots: the file `locks.json` of its folder. */
export interface SessionLocks {
  readonly commands: readonly LockedCommand[];
  /** By lock, what goes before the command, with a blank at its end. */
  readonly prefixes: Readonly<Record<string, string>>;
}

/** Null where nothing is listed. `program`: the command line, as a shell word. */
export function locksOfSession(
  commands: readonly LockedCommand[],
  program: string,
): SessionLocks | null {
  if (commands.length === 0) return null;
  const names = [...new Set(commands.map(({ lock }) => lock))];
  return {
    commands,
    prefixes: Object.fromEntries(names.map((name) => [name, prefixOf(program, name)])),
  };
}

/**
 * Rules of the provider for the same commands behind the lock: its permissions judge a command as it will run (measured with
 * 2.1.329, real-locks.test.ts). `typed`: how workers name the program themselves.
 */
export function allowInSlots(
  rules: readonly string[],
  locks: SessionLocks | null,
  typed: string,
): readonly string[] {
  if (locks === null) return [];
  const names = Object.keys(locks.prefixes);
  const prefixes = [
    ...Object.values(locks.prefixes),
    ...names.map((name) => prefixOf(typed, name)),
  ];
  return rules.flatMap((rule) => {
    const [, command] = /^Bash\((.+)\)$/s.exec(rule) ?? [];
    return command === undefined ? [] : prefixes.map((prefix) => `Bash(${prefix}${command})`);
  });
}

function prefixOf(program: string, lock: string): string {
  return lock === "build" ? `${program} lock -- ` : `${program} lock --name ${lock} -- `;
}
