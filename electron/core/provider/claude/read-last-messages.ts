import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { maskKeys } from "../../base/mask-keys.ts";

/** The end of a transcript that is read: enough for some messages between long tool results. */
const END_BYTES = 512 * 1024;

const Line = z.object({
  type: z.literal("assistant"),
  isSidechain: z.literal(false).optional(),
  message: z.object({
    model: z.string().optional(),
    content: z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  }),
});

/** Where Claude Code keeps a conversation; the folder's name is the working directory's with all but letters and digits replaced. */
export function transcriptFile(dir: string | null, cwd: string, conversation: string): string {
  const slug = cwd.replace(/[^A-Za-z0-9]/g, "-");
  const home = dir ?? path.join(homedir(), ".claude");
  return path.join(home, "projects", slug, `${conversation}.jsonl`);
}

/** The last `count` texts that the model itself wrote in its main loop, oldest first; none where there is no transcript. */
export function readLastMessages(file: string, count: number): readonly string[] {
  const texts = readEndOfFile(file)
    .split("\n")
    .flatMap((line) => {
      const parsed = parse(line);
      // The program's own lines, e.g. of errors, name no real model.
      if (!parsed || parsed.message.model === "<synthetic>") return [];
      return parsed.message.content.flatMap(({ type, text }) =>
        type === "text" && text ? [text.trim()] : [],
      );
    });
  return texts.filter((text) => text !== "").slice(-count);
}

function parse(line: string): z.infer<typeof Line> | null {
  try {
    const { success, data } = Line.safeParse(JSON.parse(line));
    return success ? data : null;
  } catch {
    // The first line of the end is most often cut in two.
    return null;
  }
}

/** Empty where there is no such file. Its first line is most often cut. Keys are masked: what is read goes into rows and messages. */
export function readEndOfFile(file: string): string {
  let transcript: number;
  try {
    transcript = openSync(file, "r");
  } catch {
    return "";
  }
  try {
    const { size } = fstatSync(transcript);
    const bytes = Buffer.alloc(Math.min(size, END_BYTES));
    const read = readSync(transcript, bytes, 0, bytes.length, size - bytes.length);
    return maskKeys(bytes.toString("utf8", 0, read));
  } finally {
    closeSync(transcript);
  }
}
