import { type Document, isMap, isNode, isPair, LineCounter, parseDocument, visit } from "yaml";
import { z } from "zod";

/** One thing wrong in a file that a person writes. */
export interface YamlProblem {
  /** Counted from 1. */
  readonly line: number;
  /** Where in the file, e.g. `checks.0.timeout`; empty for the file as a whole. */
  readonly key: string;
  readonly problem: string;
  /** What would be right. */
  readonly right: string;
}

export interface BadYaml {
  readonly kind: "bad";
  readonly problems: readonly YamlProblem[];
  readonly message: string;
}

type Path = readonly PropertyKey[];

export type YamlReading<Value> =
  | {
      readonly kind: "good";
      readonly value: Value;
      /** The line, counted from 1, of what stands at that path. */
      readonly lineOf: (path: Path) => number;
    }
  | BadYaml;

/** Reads a person's YAML by its schema. `file` is only named in the message. An empty file is an empty map. */
export function readYaml<Value>(
  file: string,
  text: string,
  schema: z.ZodType<Value>,
): YamlReading<Value> {
  const lines = new LineCounter();
  // What is missing is missed behind the end, where no line need be.
  const lastLine = text.trimEnd().split("\n").length;
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    return badYaml(
      file,
      document.errors.map((error) => ({
        line: Math.min(lines.linePos(error.pos[0]).line, lastLine),
        key: "",
        problem: `it is not valid YAML: ${error.message.split(/ at line|\n/)[0]}`,
        right: "Check the indentation and quotes around here.",
      })),
    );
  }
  let content: unknown;
  try {
    content = document.toJS() ?? {};
  } catch (error) {
    // Aliases are looked up only now: one that leads nowhere, or a few that would unfold into very much.
    const { line } = lines.linePos(firstAlias(document));
    const problem = `it is not valid YAML: ${error instanceof Error ? error.message : error}`;
    return badYaml(file, [{ line, key: "", problem, right: "Write the value out instead of *." }]);
  }
  const parsed = schema.safeParse(content);
  const lineOf = (path: Path) => lines.linePos(offsetOf(document, path)).line;
  if (parsed.success) return { kind: "good", value: parsed.data, lineOf };
  return badYaml(
    file,
    parsed.error.issues.flatMap((issue) => explain(issue, content, schema, lineOf)),
  );
}

export function badYaml(file: string, problems: readonly YamlProblem[]): BadYaml {
  const sorted = problems.toSorted((a, b) => a.line - b.line);
  const sentences = sorted.map(({ line, key, problem, right }) => {
    return `${file}:${line}: ${key ? `${key}: ` : ""}${problem}. ${right}`;
  });
  return { kind: "bad", problems: sorted, message: sentences.join("\n") };
}

function explain(
  issue: z.core.$ZodIssue,
  content: unknown,
  schema: z.ZodType,
  lineOf: (path: Path) => number,
): readonly YamlProblem[] {
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(schema, issue.path);
    return issue.keys.map((key) => {
      const path = [...issue.path, key];
      const right = `Known here: ${known.join(", ")}.`;
      return { line: lineOf(path), key: path.join("."), problem: "there is no such key", right };
    });
  }
  const value = issue.path.reduce<unknown>(
    (at, key) => (at as Record<PropertyKey, unknown>)?.[key],
    content,
  );
  const problem = value === undefined ? "it is missing" : `${JSON.stringify(value)} is not right`;
  return [{ line: lineOf(issue.path), key: issue.path.join("."), problem, right: rightFor(issue) }];
}

function rightFor(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_value":
      return `It is ${issue.values.length > 1 ? "one of: " : ""}${issue.values.join(", ")}.`;
    case "invalid_type":
      return issue.message.startsWith("Invalid")
        ? `It is ${nounOf(issue.expected)}.`
        : sentence(issue.message);
    case "too_small":
      return issue.origin === "string" || issue.origin === "array"
        ? "It cannot be empty."
        : `It is at least ${issue.minimum}.`;
    case "too_big":
      return issue.origin === "number" || issue.origin === "int"
        ? `It is at most ${issue.maximum}.`
        : `It has at most ${issue.maximum} ${issue.origin === "array" ? "entries" : "characters"}.`;
    case "invalid_key":
      return sentence(issue.issues[0]?.message ?? issue.message);
    default:
      return sentence(issue.message);
  }
}

const NOUNS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list: [a, b]",
  object: "a map: { key: value }",
  record: "a map: { key: value }",
};

function nounOf(expected: string): string {
  return NOUNS[expected] ?? expected;
}

export function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** The keys that the schema knows below `path`. */
function knownKeys(schema: z.ZodType, path: Path): readonly string[] {
  let at: unknown = schema;
  for (const key of [...path, null]) {
    while (at instanceof z.ZodOptional) at = at.unwrap();
    if (at instanceof z.ZodUnion) at = at.options.find((option) => option instanceof z.ZodObject);
    if (key === null) break;
    if (at instanceof z.ZodObject) at = at.shape[String(key)];
    else if (at instanceof z.ZodArray) at = at.element;
    else if (at instanceof z.ZodRecord) at = at.valueType;
  }
  return at instanceof z.ZodObject ? Object.keys(at.shape) : [];
}

function firstAlias(document: Document): number {
  let offset = 0;
  visit(document, {
    Alias(_, alias) {
      offset = alias.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

/** Where a key stands in the text, or the nearest thing around it that does. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && String(item.key) === String(last));
      if (pair && isNode(pair.key)) return pair.key.range?.[0] ?? 0;
    }
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node)) return node.range?.[0] ?? 0;
  }
  return 0;
}
