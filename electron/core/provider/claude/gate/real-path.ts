import { realpathSync } from "node:fs";
import path from "node:path";

/** Follows links as far as the path exists, and keeps the rest of it as it is. */
export function realPathOf(file: string): string {
  let known = file;
  for (;;) {
    try {
      return path.join(realpathSync(known), path.relative(known, file));
    } catch {
      // Something on the way is missing or out of reach: what is above it may not be.
      if (known === path.dirname(known)) return file;
      known = path.dirname(known);
    }
  }
}
