import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Writes a program that Switchyard takes for a provider: it answers the questions asked before a start, then runs `body`.
 * Returns its path.
 */
export function writeSessionProgram(folder: string, name: string, body: string): string {
  const file = path.join(folder, name);
  writeFileSync(
    file,
    `#!/bin/sh
case "$1" in
  --version) echo "0.0.1 (${name})"; exit ;;
  auth) echo '{"loggedIn":true,"authMethod":"claude.ai"}'; exit ;;
esac
${body}
`,
  );
  chmodSync(file, 0o755);
  return file;
}
