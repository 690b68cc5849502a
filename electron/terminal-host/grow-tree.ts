/** One process as the system lists it. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  /** The session of processes it belongs to (`setsid`), named after the process that began it. */
  readonly sid: number;
  /** Start in clock ticks since boot: tells a pid used again. */
  readonly startTicks: string;
}

interface Member {
  readonly startTicks: string;
  /** The session it belongs to, where that was begun inside the tree; null: it shares one with strangers. */
  readonly sid: number | null;
}

/** A process and everything that was seen to come from it, by pid. */
export type ProcessTree = ReadonlyMap<number, Member>;

export function rootTree(pid: number, startTicks: string): ProcessTree {
  return new Map([[pid, { startTicks, sid: null }]]);
}

/**
 * The tree as it lives in `rows`: members that are still there, and whatever has one of them for its parent or belongs to a session
 * that was begun by one. A child that cuts every tie later (its parent gone) stays a member because it was seen before.
 */
export function growTree(tree: ProcessTree, rows: readonly ProcessRow[]): ProcessTree {
  const grown = new Map<number, Member>();
  const sids = new Set<number>();
  const add = ({ pid, sid, startTicks }: ProcessRow) => {
    const isOurs = sids.has(sid) || tree.get(pid)?.sid === sid || pid === sid || grown.has(sid);
    if (isOurs) sids.add(sid);
    grown.set(pid, { startTicks, sid: isOurs ? sid : null });
  };
  for (const row of rows) if (tree.get(row.pid)?.startTicks === row.startTicks) add(row);
  for (let isGrowing = grown.size > 0; isGrowing; ) {
    const found = rows.filter(
      (row) => !grown.has(row.pid) && (grown.has(row.parent) || sids.has(row.sid)),
    );
    for (const row of found) add(row);
    isGrowing = found.length > 0;
  }
  return grown;
}
