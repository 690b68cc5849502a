import type { Blocker } from "./checkout-blockers.ts";
import { moveWithCheckout } from "./move-checkout.ts";
import {
  compareAndSwap,
  findCheckout,
  healMarked,
  laneOfTarget,
  type MoveOutcome,
  type TargetMove,
  waitForIndexLock,
} from "./move-target.ts";
import { readRef } from "./repository.ts";

/**
 * Moves a branch back to a commit that it came from, by compare-and-swap. Where it is checked out, index and files go with it
 * under the same rules as forwards: what the person changed stays as it is, or is in the way and nothing is done.
 *
 * A crash before the branch has moved leaves a mark, with which `healCheckout` brings the checkout to where it was.
 *
 * `refuse` is called once nobody else of ours moves the branch; what it throws ends the move with nothing done.
 */
export function moveTargetBack(
  move: TargetMove,
  refuse: () => void = () => undefined,
): Promise<MoveOutcome> {
  return laneOfTarget(move).run(() => {
    refuse();
    return moveInLane(move);
  });
}

/** Mends a checkout of the target in which a move was cut short; gives what stands against that. */
export function healTarget({
  repo,
  target,
  signal,
}: Pick<TargetMove, "repo" | "target" | "signal">): Promise<Blocker | null> {
  return laneOfTarget({ repo, target }).run(() => healMarked(repo, target, signal));
}

async function moveInLane(move: TargetMove): Promise<MoveOutcome> {
  const { repo, target, from, to, note, signal } = move;
  const stuck = await healMarked(repo, target, signal);
  const now = await readRef(repo, `refs/heads/${target}`, signal);
  if (now !== from) return { kind: "target-moved", now };
  const place = await findCheckout(repo, target, signal);
  switch (place.kind) {
    case "busy":
      return { kind: "held", reason: place.reason, files: [] };
    case "checked-out": {
      const blocker = stuck ?? (await waitForIndexLock(place.path, signal));
      if (blocker) return { kind: "held", ...blocker };
      // Not cancelled half-way: what is cut short has to be mended.
      const moved = await moveWithCheckout(move, place.path, () =>
        compareAndSwap({ repo, target, from, to, note }, place.path),
      );
      if (moved.kind === "tried") return moved.outcome;
      if (moved.kind === "held") return { kind: "held", ...moved.blocker };
      return {
        kind: "held",
        reason: `${place.path} was switched away from ${target} meanwhile`,
        files: [],
      };
    }
    case "nowhere":
      return compareAndSwap(move);
  }
}
