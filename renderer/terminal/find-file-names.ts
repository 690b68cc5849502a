/** A part of a line that can name a file, with the place in it. */
export interface FileName {
  readonly name: string;
  readonly line: number | null;
  readonly column: number | null;
  /** Where it stands in the text; what follows the name, e.g. `:12:3`, is part of it. */
  readonly start: number;
  readonly end: number;
}

/** A line of a table, or of minified code, can hold hundreds. */
const NAMES_MAX = 40;

const PLACE = String.raw`(?::(\d{1,7})(?:[:.](\d{1,5}))?|\((\d{1,7})(?:, ?(\d{1,5}))?\)|#L(\d{1,7}))?`;
const QUOTED = String.raw`(?<=(["'\x60]))([^"'\x60\n]*[^\s"'\x60])(?=\1)`;
const PLAIN = String.raw`((?:file:\/\/)?(?:~?\/|\.{1,2}\/|[A-Za-z]:[\\/])?[\p{L}\p{N}_.@+$\[\]-]+(?:[\\/][\p{L}\p{N}_.@+$\[\]%-]+)*)`;
const candidates = new RegExp(`${QUOTED}|${PLAIN}${PLACE}`, "gu");
/** What has no folder needs an ending, or every word of a sentence would be asked about. */
const hasEnding = /[^.\s]\.[A-Za-z][A-Za-z0-9]{0,9}$/;
const withoutEnding = /^(Makefile|Dockerfile|LICENSE|README|Gemfile|Rakefile|Procfile|Justfile)$/;

/** The parts of a line that may name files; which of them do is for whoever can look. */
export function findFileNames(text: string): readonly FileName[] {
  const names: FileName[] = [];
  for (const match of text.matchAll(candidates)) {
    if (names.length === NAMES_MAX) break;
    const [whole, , quoted, plain, line, column, row, cell, mark] = match;
    const name = quoted ?? plain ?? "";
    const isAddress = /^[a-z]+:\/\//i.test(name) || /:\/{1,2}$/.test(text.slice(0, match.index));
    if ((isAddress && !name.startsWith("file://")) || !canBeFile(name)) continue;
    const trimmed = whole.length - whole.replace(/[.,;]+$/, "").length;
    names.push({
      name: trimmed > 0 && name.endsWith(whole.slice(-trimmed)) ? name.slice(0, -trimmed) : name,
      line: toNumber(line ?? row ?? mark),
      column: toNumber(column ?? cell),
      start: match.index,
      end: match.index + whole.length - trimmed,
    });
  }
  return names;
}

function canBeFile(name: string): boolean {
  const plain = name.replace(/[.,;]+$/, "");
  return /[\\/][^\\/]/.test(plain) || hasEnding.test(plain) || withoutEnding.test(plain);
}

function toNumber(digits: string | undefined): number | null {
  const number = Number(digits ?? 0);
  return number > 0 ? number : null;
}
