/** `bytes` of what a build prints: plain and coloured lines of different lengths. The same every time. */
export function writeBuildLog(bytes: number): Buffer {
  return fill(bytes, (n) => {
    const file = `src/${WORDS[n % WORDS.length]}/${WORDS[(n * 7) % WORDS.length]}-${n % 997}.ts`;
    const took = `${(n * 37) % 900} ms`;
    if (n % 23 === 0) return `\x1b[33mwarning\x1b[0m ${file}:${n % 300}:7 unused variable 'x'\r\n`;
    if (n % 7 === 0)
      return `\x1b[32m✓\x1b[39m ${file} \x1b[2m(${n % 40} tests)\x1b[22m ${took}\r\n`;
    return `[${n}] compiling ${file} -> dist/${n % 997}.js (${took})\r\n`;
  });
}

/**
 * `bytes` of a screen that an Ink program repaints: the lines of its live part are erased upwards, then printed again
 * with a spinner, coloured text and a box, as Claude Code does several times a second.
 */
export function writeRepaints(bytes: number, size: { readonly cols: number }): Buffer {
  return fill(bytes, repaintOf(size));
}

/** The same screen, repaint by repaint. */
export function cutRepaints(size: { readonly cols: number }): readonly Buffer[] {
  const write = repaintOf(size);
  return Array.from({ length: REPAINTS }, (_, n) => Buffer.from(write(n)));
}

const REPAINTS = 400;

function repaintOf({ cols }: { readonly cols: number }): (n: number) => string {
  const width = Math.max(8, cols - 2);
  const edge = "─".repeat(width);
  const erase = `${"\x1b[2K\x1b[1A".repeat(9)}\x1b[2K\x1b[G`;
  return (n) => {
    const word = WORDS[n % WORDS.length] ?? "";
    const lines = [
      `\x1b[38;5;174m${SPINNER[n % SPINNER.length]}\x1b[39m \x1b[38;5;216m${word}…\x1b[39m \x1b[2m(${n % 600}s · ↑ ${n % 9000} tokens · esc to interrupt)\x1b[22m`,
      "",
      `  \x1b[2m⎿\x1b[22m  \x1b[1mUpdate\x1b[22m(src/${word}-${n % 97}.ts)`,
      `     \x1b[48;5;22m${`+ const ${word} = ${n};`.padEnd(60)}\x1b[49m`,
      `     \x1b[48;5;52m${`- const ${word} = ${n - 1};`.padEnd(60)}\x1b[49m`,
      "",
      `\x1b[2m╭${edge}╮\x1b[22m`,
      `\x1b[2m│\x1b[22m > ${" ".repeat(width - 3)}\x1b[2m│\x1b[22m`,
      `\x1b[2m╰${edge}╯\x1b[22m`,
      "  \x1b[2m? for shortcuts\x1b[22m",
    ];
    const frame = lines.join("\r\n");
    // Now and then something is finished and stays above.
    return n % 20 === 0 ? `${erase}● Read(src/${word}.ts)\r\n${frame}` : `${erase}${frame}`;
  };
}

const WORDS = ["parser", "lexer", "queue", "worker", "mirror", "profile", "landing", "store"];
const SPINNER = ["·", "✢", "✳", "∗", "✻", "✽"];

/** Pieces one after another, filled up with spaces to exactly `bytes`. */
function fill(bytes: number, write: (n: number) => string): Buffer {
  const buffer = Buffer.alloc(bytes, " ");
  let at = 0;
  for (let n = 0; ; n++) {
    const piece = Buffer.from(write(n));
    if (at + piece.length > bytes) return buffer;
    at += piece.copy(buffer, at);
  }
}
