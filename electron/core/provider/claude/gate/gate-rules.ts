/** What the gate of one session goes by: the file `gate.json` of its folder. All paths are real ones. */
export interface GateRules {
  readonly worktree: string;
  /** The session's own branch: what it does to this one alone is its own business. */
  readonly branch: string | null;
  readonly home: string;
  /** Folders below which anything may be deleted. */
  readonly temp: readonly string[];
  /** Never to be touched, even below `temp`: the data folder, the project's own checkout. */
  readonly protected: readonly string[];
  /** The person's own: each stops a call whose command or path it is found in. */
  readonly patterns: readonly { readonly name: string; readonly pattern: string }[];
  /** Patterns of single commands, matched as a whole, that pass whatever the list says. */
  readonly except: readonly string[];
}

export interface GateCall {
  readonly tool: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A call that has to wait for a person. */
export interface GateHit {
  readonly rule: string;
  /** One sentence for a person: what would be lost. */
  readonly why: string;
}

/** What a judgement goes by, beside the command itself. */
export interface GateContext {
  readonly rules: GateRules;
  /** Follows links as far as the path exists; gives the rest as it is. */
  readonly realPath: (path: string) => string;
  /** The command runs in a container or on another machine: paths are not ours. */
  readonly isElsewhere: boolean;
}

export function hit(rule: string, why: string): GateHit {
  return { rule, why };
}

export function firstHit<T>(
  items: readonly T[],
  judge: (item: T) => GateHit | null,
): GateHit | null {
  for (const item of items) {
    const found = judge(item);
    if (found !== null) return found;
  }
  return null;
}
