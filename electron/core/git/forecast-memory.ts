import type { Oid } from "../../../shared/model/ids.ts";
import type { BranchChanges } from "./branch-changes.ts";

/** What git says of two commits that are merged; every value stands for good, since commits and attributes are named by their content. */
export type MergeForecast =
  | { readonly kind: "clean" }
  /** Files that git cannot merge, and names that are one file where case or Unicode form is not told apart. */
  | { readonly kind: "conflict"; readonly files: readonly string[] }
  /** git could not tell, e.g. because an object is missing. */
  | { readonly kind: "unknown"; readonly reason: string };

/** Fifty branches that each move a few times; one answer takes some hundred bytes. */
const ANSWERS_MAX = 10_000;
const CHANGES_MAX = 400;
const TARGETS_MAX = 20;

/** What earlier forecasts of one repository found out. Its size is bounded, and it may be forgotten at any time. */
export class ForecastMemory {
  /** By both commits and the attributes they were merged under. */
  readonly merges = new BoundedMap<string, Exclude<MergeForecast, { kind: "unknown" }>>(
    ANSWERS_MAX,
  );
  /** By the commits between which they lie. */
  readonly changes = new BoundedMap<string, BranchChanges>(CHANGES_MAX);
  /** By target and base: where it stands in the first-parent history, 0 for the target; null when it is not among the newest. */
  readonly places = new BoundedMap<string, number | null>(CHANGES_MAX);
  /** By target and head, for branches that merged the target in: the only commit they share with it; null when there are several. */
  readonly bases = new BoundedMap<string, Oid | null>(CHANGES_MAX);
  /** By target and head: paths of the target that the branch adds again in another spelling, with its own. */
  readonly twins = new BoundedMap<string, readonly string[]>(ANSWERS_MAX);
  readonly attributes = new BoundedMap<Oid, readonly AttributesFile[]>(TARGETS_MAX);
  /** Whether this git merges without a checkout, and many at a time; null until one was asked. */
  mergeTree: "many" | "one" | "none" | null = null;
}

/** A `.gitattributes` of a commit. */
export interface AttributesFile {
  readonly path: string;
  readonly content: Buffer;
}

class BoundedMap<K, V> {
  readonly #entries = new Map<K, V>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** What is asked for stays longest. */
  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: K, value: V): void {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#max) return;
      this.#entries.delete(oldest);
    }
  }
}
