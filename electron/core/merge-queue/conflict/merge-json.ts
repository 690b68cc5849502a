type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Fields = ReadonlyMap<string, Json>;

/**
 * Merges three versions of a JSON object by its keys, such as a package.json. Null where it cannot be told what is meant: one key
 * changed in two ways, changed here and removed there, or a text that is no JSON object. Written like `ours` is.
 */
export function mergeJson(base: string | null, ours: string, theirs: string): string | null {
  const [mine, other] = [readObject(ours), readObject(theirs)];
  const start = base === null ? new Map<string, Json>() : readObject(base);
  if (!mine || !other || !start) return null;
  const merged = mergeFields(start, mine, other);
  if (!merged) return null;
  const indent = /^[ \t]+(?=")/m.exec(ours)?.[0] ?? "  ";
  const end = /\s*$/.exec(ours)?.[0] ?? "";
  const text = JSON.stringify(toObject(merged), null, indent) + end;
  return ours.includes("\r\n") ? text.replace(/\r?\n/g, "\r\n") : text;
}

/** Undefined stands for a key that is not there. */
type Merged = { readonly value: Json | undefined } | null;

function mergeFields(base: Fields, ours: Fields, theirs: Fields): Fields | null {
  const merged = new Map<string, Json>();
  for (const key of joinKeys([...ours.keys()], [...theirs.keys()])) {
    const each = mergeValue(base.get(key), ours.get(key), theirs.get(key));
    if (!each) return null;
    if (each.value !== undefined) merged.set(key, each.value);
  }
  return merged;
}

function mergeValue(
  base: Json | undefined,
  ours: Json | undefined,
  theirs: Json | undefined,
): Merged {
  if (isSame(ours, theirs) || isSame(base, theirs)) return { value: ours };
  if (isSame(base, ours)) return { value: theirs };
  const [mine, other] = [fieldsOf(ours), fieldsOf(theirs)];
  const start = base === undefined ? new Map<string, Json>() : fieldsOf(base);
  const merged = mine && other && start ? mergeFields(start, mine, other) : null;
  return merged && { value: toObject(merged) };
}

/** Ours in their order, each of the others behind the one it follows over there; sorted where both were. */
function joinKeys(ours: readonly string[], theirs: readonly string[]): readonly string[] {
  const keys = [...ours];
  for (const [at, key] of theirs.entries()) {
    if (keys.includes(key)) continue;
    const before = theirs[at - 1];
    keys.splice(before === undefined ? 0 : keys.indexOf(before) + 1, 0, key);
  }
  return isSorted(ours) && isSorted(theirs) ? keys.toSorted(compare) : keys;
}

function isSorted(keys: readonly string[]): boolean {
  return keys.every((key, at) => at === 0 || compare(keys[at - 1] ?? "", key) <= 0);
}

/** As npm sorts dependencies: not by code, which puts capitals first. */
function compare(a: string, b: string): number {
  return a.localeCompare(b, "en");
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  const [mine, other] = [fieldsOf(a), fieldsOf(b)];
  if (mine && other) {
    return (
      mine.size === other.size && [...mine].every(([key, value]) => isSame(value, other.get(key)))
    );
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, at) => isSame(value, b[at]));
  }
  return a === b;
}

function readObject(text: string): Fields | null {
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return null;
  }
}

function fieldsOf(value: Json | undefined): Fields | null {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? new Map(Object.entries(value)) : null;
}

function toObject(fields: Fields): Json {
  return Object.fromEntries(fields);
}
