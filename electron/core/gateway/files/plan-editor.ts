/** A place in a file; lines and columns count from 1. */
export interface FilePlace {
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** Editors with a window, in the order in which they are looked for; each knows how it is told the place. */
const styles: readonly (readonly [
  names: readonly string[],
  argsFor: (place: Required<FilePlace> & { line: number; column: number }) => readonly string[],
])[] = [
  [
    ["code", "code-insiders", "cursor", "windsurf", "codium", "vscodium"],
    ({ file, line, column }) => ["--goto", `${file}:${line}:${column}`],
  ],
  [
    ["zed", "zeditor", "subl", "sublime_text"],
    ({ file, line, column }) => [`${file}:${line}:${column}`],
  ],
  [
    ["idea", "webstorm", "pycharm", "goland", "phpstorm", "rubymine", "clion", "rider", "kate"],
    ({ file, line, column }) => ["--line", `${line}`, "--column", `${column}`, file],
  ],
  [
    ["gnome-text-editor", "gedit", "emacs"],
    ({ file, line, column }) => [`+${line}:${column}`, file],
  ],
  [["emacsclient"], ({ file, line, column }) => ["-n", `+${line}:${column}`, file]],
  [["gvim", "mvim"], ({ file, line, column }) => [`+call cursor(${line},${column})`, file]],
  [["mate"], ({ file, line, column }) => ["--line", `${line}:${column}`, file]],
  [["notepad++"], ({ file, line, column }) => [`-n${line}`, `-c${column}`, file]],
];

/** Looked for on the PATH where nobody has said which editor is meant. */
export const KNOWN_EDITORS: readonly string[] = styles.flatMap(([names]) => names);

/** These draw in a terminal, and there is none to give them. */
const inTerminals: ReadonlySet<string> = new Set(
  "vi vim nvim nano micro hx helix kak joe ne ed pico".split(" "),
);

export function needsTerminal(program: string): boolean {
  return inTerminals.has(nameOf(program));
}

export function isKnownEditor(program: string): boolean {
  return KNOWN_EDITORS.includes(nameOf(program));
}

/**
 * The words behind an editor's program that open a place: those of the person's own with `{file}`, `{line}` and `{column}` filled in,
 * or what this editor takes; one that is not known gets the file alone.
 */
export function planEditor(
  program: string,
  own: readonly string[],
  place: FilePlace,
): readonly string[] {
  const whole = { ...place, line: place.line ?? 1, column: place.column ?? 1 };
  if (own.some((word) => word.includes("{file}"))) {
    return own.map((word) =>
      word.replace(/\{(file|line|column)\}/g, (_, name: "file" | "line" | "column") =>
        String(whole[name]),
      ),
    );
  }
  const argsFor = styles.find(([names]) => names.includes(nameOf(program)))?.[1];
  const isPlain = place.line === null || !argsFor;
  return [...own, ...(isPlain ? [place.file] : argsFor(whole))];
}

function nameOf(program: string): string {
  const last = program.split(/[\\/]/).at(-1) ?? program;
  return last.replace(/\.(exe|cmd|bat)$/i, "").toLowerCase();
}
