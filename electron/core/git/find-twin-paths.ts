/** Paths of `all` that fall together with an added one, the added ones included, where case or Unicode form are not told apart. */
export function findTwinPaths(all: readonly string[], added: readonly string[]): readonly string[] {
  const wanted = new Set(added.map(fold));
  const groups = Map.groupBy(
    all.filter((path) => wanted.has(fold(path))),
    fold,
  );
  return [...groups.values()].filter((paths) => paths.length > 1).flat();
}

/** The spelling that such paths share. */
export function fold(path: string): string {
  return path.normalize("NFC").toLowerCase();
}
