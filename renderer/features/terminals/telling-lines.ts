/** A line across the screen, with or without a name in it. */
const RULE = /^─{8,}/;
/** As tall as the box to write in gets before it scrolls within itself, with what stands below it. */
const BOX_MAX = 12;

/**
 * The last `count` lines that say something of what a screen shows: without blank ones, and without Claude Code's box to write in at its
 * end, which looks the same on every screen. Measured with Claude Code 2.1.329: two rules, the box between them, at most a few lines below.
 */
export function tellingLines(lines: readonly string[], count: number): readonly string[] {
  const rules = lines.flatMap((line, at) => (RULE.test(line) ? [at] : []));
  const [above, below] = [rules.at(-2), rules.at(-1)];
  const hasBox =
    above !== undefined &&
    below !== undefined &&
    lines.length - above <= BOX_MAX &&
    /^\s*[❯>]/.test(lines[above + 1] ?? "");
  const said = hasBox ? lines.slice(0, above) : lines;
  return said.filter((line) => line.trim() !== "").slice(-count);
}
