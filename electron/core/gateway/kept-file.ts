import { existsSync, readFileSync, renameSync } from "node:fs";
import type { z } from "zod";
import { writeFileDurably } from "../base/write-file-durably.ts";

export type Kept<Value> =
  | { readonly kind: "good"; readonly value: Value | null }
  /** `why` goes on from the name of the file. */
  | { readonly kind: "bad"; readonly why: string };

/** A JSON file that windows keep something in, and that a person may have written in; null: nothing was kept yet. */
export function readKept<Value>(file: string, schema: z.ZodType<Value>, what: string): Kept<Value> {
  if (!existsSync(file)) return { kind: "good", value: null };
  try {
    const parsed = schema.safeParse(JSON.parse(readFileSync(file, "utf8")));
    if (parsed.success) return { kind: "good", value: parsed.data };
    const [issue] = parsed.error.issues;
    const place = issue?.path.join(".") || "its top";
    return { kind: "bad", why: `holds no ${what} (at ${place}: ${issue?.message})` };
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: "bad", why: "is no JSON" };
    const { code } = error as NodeJS.ErrnoException;
    return { kind: "bad", why: `cannot be read (${code ?? String(error)})` };
  }
}

/** What somebody wrote there by hand is not lost for a slip in it: it is kept beside. */
export function keep<Value>(file: string, before: Kept<Value>, value: Value): void {
  if (before.kind === "bad") renameSync(file, badOf(file));
  writeFileDurably(file, `${JSON.stringify(value, null, 2)}\n`);
}

export function badOf(file: string): string {
  return `${file}.bad`;
}
