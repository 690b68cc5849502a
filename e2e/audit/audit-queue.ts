import { realpathSync } from "node:fs";
import { CleanClone } from "./clean-clone.ts";
import { judgeHeads, judgePauses, judgeReturns } from "./judge-entries.ts";
import {
  judgeMoves,
  judgeOrder,
  judgeTrailers,
  judgeValues,
  type Landed,
} from "./judge-landings.ts";
import { judgeLeftovers, judgeLocks } from "./judge-leftovers.ts";
import { readRows } from "./read-rows.ts";
import { readTarget } from "./read-target.ts";
import { comparePerson, type PersonSnapshot } from "./snapshot-person.ts";

export interface QueueAudit {
  /** The data folder. One is assumed: entries of another one on the same repository are strangers. */
  readonly home: string;
  readonly repository: string;
  /** Short name of the branch. */
  readonly target: string;
  /** Where the target stood before the queue began. */
  readonly start: string;
  /** A program with its arguments that ends with 0 on files that may land; or the commands of the verdict on each landing. */
  readonly check: readonly string[] | "as-recorded";
  /** As it was when the person did something in it last; null where nobody has a checkout. */
  readonly person: PersonSnapshot | null;
  /** Where the workers' branches have to stand, by their short names. */
  readonly branches?: ReadonlyMap<string, string>;
}

/**
 * Judges from outside, by git, the rows and the files alone, whether the merge queue kept what it promises: each broken invariant as
 * a sentence that begins with its number, none when all hold. It imports nothing of the queue's. The queue has to be at rest: its core
 * has ended, or waits with nothing to do.
 */
export function auditQueue(audit: QueueAudit): readonly string[] {
  const { target, start, check, person, branches } = audit;
  const home = realpathSync(audit.home);
  const repository = realpathSync(audit.repository);
  const rows = readRows(home, repository, target);
  const landed: Landed = {
    repository,
    start,
    rows,
    history: readTarget(repository, target, start),
  };
  using clone = new CleanClone(repository);
  return [
    ...judgeValues(landed, clone, check),
    ...judgeTrailers(landed),
    ...judgeHeads(landed, branches ?? new Map()),
    ...judgeMoves(landed),
    ...(person ? comparePerson(person, target).map((what) => `I5: ${what}`) : []),
    ...judgeOrder(landed),
    ...judgeLocks(landed),
    ...judgeReturns(landed),
    ...judgeLeftovers(landed, home),
    ...judgePauses(landed),
  ];
}
