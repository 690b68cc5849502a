const NAME =
  /^(changelog|changes|history|news|release[-_ ]?notes)(\.(md|markdown|txt|rst|adoc))?$/i;

/** Whether it is a file to which everybody adds at the same place, and nobody means to be first. */
export function isChangelog(path: string): boolean {
  return NAME.test(path.split("/").at(-1) ?? "");
}

/**
 * Keeps what both sides added to a changelog, ours first. Null where a side did anything but add lines: then lines alone do not
 * say what is meant.
 */
export function mergeChangelog(base: string, ours: string, theirs: string): string | null {
  const [start, mine, other] = [linesOf(base), linesOf(ours), linesOf(theirs)];
  const [added, more] = [additionsTo(start, mine), additionsTo(start, other)];
  if (!added || !more) return null;
  const merged: string[] = [];
  for (let at = 0; at <= start.length; at += 1) {
    const [own, foreign] = [added[at] ?? [], more[at] ?? []];
    // The same lines from both sides, e.g. a heading of the day, are there once.
    const isSame = own.length === foreign.length && own.every((line, n) => line === foreign[n]);
    merged.push(...own, ...(isSame ? [] : foreign));
    const line = start[at];
    if (line !== undefined) merged.push(line);
  }
  return merged.join("");
}

/** With their ends; one that has none, at the end of a file, gets one, so that another can follow it. */
function linesOf(text: string): readonly string[] {
  if (text === "") return [];
  const end = text.includes("\r\n") ? "\r\n" : "\n";
  return (text.endsWith("\n") ? text : text + end).split(/(?<=\n)/);
}

/** The lines added before each line of `base`, and after the last; null where some of `base` is missing. */
function additionsTo(
  base: readonly string[],
  side: readonly string[],
): readonly (readonly string[])[] | null {
  const added: string[][] = Array.from({ length: base.length + 1 }, () => []);
  // From the end: what is added to a changelog is added at its top, and looks like what is below.
  let at = base.length;
  for (let n = side.length - 1; n >= 0; n -= 1) {
    const line = side[n] ?? "";
    if (at > 0 && base[at - 1] === line) at -= 1;
    else added[at]?.unshift(line);
  }
  return at === 0 ? added : null;
}
