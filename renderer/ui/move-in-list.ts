/** The key that comes `by` steps after `current`; the ends hold, and from nowhere one starts at the first. */
export function moveInList<Key>(keys: readonly Key[], current: Key | null, by: 1 | -1): Key | null {
  const at = current === null ? -1 : keys.indexOf(current);
  if (at < 0) return keys[0] ?? null;
  return keys[Math.min(keys.length - 1, Math.max(0, at + by))] ?? null;
}
