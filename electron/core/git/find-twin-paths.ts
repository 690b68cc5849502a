/** Paths of `all` that fall together with an added one, the added ones included, where case or Unicode form are not told apart. */
export function findTwinPaths(all: readonly string[], added: readonly string[]): readonly string[] {
  const wanted = new Set(added.filter(isKnown).map(fold));
  const groups = Map.groupBy(
    all.filter((path) => isKnown(path) && wanted.has(fold(path))),
    fold,
  );
  return [...groups.values()].filter((paths) => paths.length > 1).flat();
}

/** Of a name in another encoding than UTF-8 the bytes are not known. */
function isKnown(path: string): boolean {
  return !path.includes("\ufffd");
}

/** The spelling that such paths share. */
export function fold(path: string): string {
  return path.normalize("NFC").toLowerCase();
}
