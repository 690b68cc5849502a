import { accessSync, constants } from "node:fs";
import { fileURLToPath } from "node:url";

export interface FoundClaude {
  readonly executable: string;
  /** False: the stand-in, which speaks the same protocols and is not Claude Code. */
  readonly isReal: boolean;
}

const EXECUTABLE = process.platform === "win32" ? "claude.exe" : "claude";

/** The installed Claude Code of this platform, or the stand-in where its package is missing. */
export function findClaude(): FoundClaude {
  const real = fileURLToPath(
    new URL(
      `../../node_modules/@anthropic-ai/claude-code-${process.platform}-${process.arch}/${EXECUTABLE}`,
      import.meta.url,
    ),
  );
  if (isExecutable(real)) return { executable: real, isReal: true };
  return { executable: STAND_IN, isReal: false };
}

export const STAND_IN = fileURLToPath(new URL("claude", import.meta.url));

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
