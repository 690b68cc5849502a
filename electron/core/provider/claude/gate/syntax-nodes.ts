import type { Word } from "unbash";

/** Any node of the parser's tree, whose kinds are read as they come. */
export interface SyntaxNode {
  readonly type: string;
  readonly [field: string]: unknown;
}

export function isSubstitution(node: SyntaxNode): boolean {
  return /^(Arithmetic)?CommandExpansion$|^ProcessSubstitution$/.test(node.type);
}

export function textOf(name: unknown): string {
  // A name is a word, or not there in a script that does not parse.
  return (name as Word | undefined)?.value ?? "";
}

/** The parser makes some fields only when they are asked for, and lists none of those. */
export function partsOf(node: SyntaxNode): readonly unknown[] {
  return [...new Set([...Object.values(node), ...LAZY.map((field) => node[field])])];
}

const LAZY = ["parts", "value", "index", "elements", "expression", "initialize", "test", "update"];

export function toNodes(value: unknown): readonly SyntaxNode[] {
  if (Array.isArray(value)) return value.flatMap(toNodes);
  if (typeof value !== "object" || value === null || !("type" in value)) return [];
  // The parser gives every object of its tree a type.
  return [value as SyntaxNode];
}

/** `*)` of a case. */
export function isCatchAll(item: SyntaxNode): boolean {
  return toNodes(item.pattern).some((pattern) => textOf(pattern) === "*");
}
