/** One `- [ ]` line with the indented text below it. */
export interface ListedTask {
  readonly title: string;
  readonly body: string;
}

const ITEM = /^(\s*)[-*] \[([ xX~])\]\s+(.+?)\s*$/;
const TITLE_MAX_CHARS = 200;

/** Reads the open items of a Markdown task list. Items that are done (`[x]`) are left out; what is indented below an item is its body. */
export function readTaskList(text: string): readonly ListedTask[] {
  const tasks: { title: string; body: string[]; indent: number }[] = [];
  let current: (typeof tasks)[number] | null = null;
  for (const line of text.split(/\r?\n/)) {
    const item = ITEM.exec(line);
    if (item) {
      const [, indent = "", mark, title = ""] = item;
      current = { title: title.slice(0, TITLE_MAX_CHARS), body: [], indent: indent.length };
      if (mark === " " || mark === "~") tasks.push(current);
    } else if (current && (line.trim() === "" || line.search(/\S/) > current.indent)) {
      current.body.push(line);
    } else {
      current = null;
    }
  }
  return tasks.map(({ title, body }) => ({ title, body: dedent(body) }));
}

function dedent(lines: readonly string[]): string {
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const depth = indents.length > 0 ? Math.min(...indents) : 0;
  return lines
    .map((line) => line.slice(depth))
    .join("\n")
    .trim();
}
