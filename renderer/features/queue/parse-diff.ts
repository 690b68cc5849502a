export interface DiffLine {
  readonly kind: "context" | "added" | "dropped" | "note";
  readonly text: string;
  /** Line numbers from 1 before and after; null where the line is not there. */
  readonly before: number | null;
  readonly after: number | null;
}

export interface DiffHunk {
  readonly header: string;
  readonly lines: readonly DiffLine[];
}

export interface DiffFile {
  readonly path: string;
  /** Its path before, where it was moved; else null. */
  readonly movedFrom: string | null;
  readonly change: "added" | "dropped" | "changed" | "moved";
  readonly isBinary: boolean;
  readonly added: number;
  readonly dropped: number;
  readonly hunks: readonly DiffHunk[];
}

/** Reads what `git diff` prints. What cannot be understood is left out; a cut patch gives what it holds. */
export function parseDiff(patch: string): readonly DiffFile[] {
  return patch
    .split(/^(?=diff --git )/m)
    .filter((part) => part.startsWith("diff --git "))
    .map(parseFile);
}

function parseFile(part: string): DiffFile {
  const lines = part.replace(/\n$/, "").split("\n");
  const firstHunk = lines.findIndex((line) => line.startsWith("@@ "));
  const head = firstHunk < 0 ? lines : lines.slice(0, firstHunk);
  const hunks = firstHunk < 0 ? [] : parseHunks(lines.slice(firstHunk));
  const count = (kind: DiffLine["kind"]) =>
    hunks.reduce((sum, hunk) => sum + hunk.lines.filter((line) => line.kind === kind).length, 0);
  const after = valueAfter(head, "+++ ");
  const before = valueAfter(head, "--- ");
  const movedFrom = valueAfter(head, "rename from ");
  const named = [after, before].find((path) => path !== null && path !== "/dev/null");
  return {
    path: valueAfter(head, "rename to ") ?? (named ? withoutSide(named) : pathOfHeader(head[0])),
    movedFrom,
    change: changeOf(head, movedFrom),
    isBinary: head.some((line) => line.startsWith("Binary files ") || line === "GIT binary patch"),
    added: count("added"),
    dropped: count("dropped"),
    hunks,
  };
}

function changeOf(head: readonly string[], movedFrom: string | null): DiffFile["change"] {
  if (movedFrom !== null) return "moved";
  if (head.some((line) => line.startsWith("new file mode"))) return "added";
  return head.some((line) => line.startsWith("deleted file mode")) ? "dropped" : "changed";
}

function valueAfter(lines: readonly string[], start: string): string | null {
  const line = lines.find((each) => each.startsWith(start));
  return line ? unquote(line.slice(start.length).replace(/\t.*$/, "")) : null;
}

/** `a/x` and `b/x` are `x`. */
function withoutSide(path: string): string {
  return path.replace(/^[abciwo]\//, "");
}

function pathOfHeader(header = ""): string {
  const paths = header.slice("diff --git ".length);
  // Both halves name one file where nothing was moved: `a/x b/x`.
  return withoutSide(unquote(paths.slice(0, (paths.length - 1) / 2)));
}

/** git puts odd names in quotes, with octal escapes for the bytes of UTF-8. */
function unquote(path: string): string {
  if (!path.startsWith('"')) return path;
  const bytes: number[] = [];
  const inner = path.replace(/^"|"$/g, "");
  for (const [piece, octal] of inner.matchAll(/\\([0-7]{3})|\\.|[^\\]/gu)) {
    if (octal) bytes.push(Number.parseInt(octal, 8));
    else bytes.push(...new TextEncoder().encode(piece.replace(/^\\/, "")));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

function parseHunks(lines: readonly string[]): readonly DiffHunk[] {
  const hunks: { header: string; lines: DiffLine[] }[] = [];
  let before = 0;
  let after = 0;
  for (const line of lines) {
    const start = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (start) {
      before = Number(start[1]);
      after = Number(start[2]);
      hunks.push({ header: line, lines: [] });
      continue;
    }
    const into = hunks.at(-1)?.lines;
    const text = line.slice(1);
    if (line.startsWith("+")) into?.push({ kind: "added", text, before: null, after: after++ });
    else if (line.startsWith("-")) {
      into?.push({ kind: "dropped", text, before: before++, after: null });
    } else if (line.startsWith("\\")) {
      into?.push({ kind: "note", text: text.trim(), before: null, after: null });
    } else into?.push({ kind: "context", text, before: before++, after: after++ });
  }
  return hunks;
}
