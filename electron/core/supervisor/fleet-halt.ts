import type { Fleet } from "../../../shared/model/fleet.ts";
import { isBlocked } from "../../../shared/model/is-blocked.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { SessionRecord, Store } from "../store/store.ts";
import type { Sessions } from "../worker/sessions.ts";
import { HALTED, HALTED_AT_REST } from "../worker/stop-reasons.ts";

/**
 * All are to be gone within five seconds of the word. A checkpoint of the worktree may take 1.5 s before; what is left is for SIGKILL
 * and for seeing everyone gone.
 */
const GRACE_MS = 2_500;

interface FleetHaltParts {
  readonly store: Store;
  readonly sessions: Sessions;
}

/**
 * Hands out nothing more and ends every session, all at once. Resolves when all are gone; again while halted it ends what still
 * lives. The flag is saved first, so that a core that dies on the way is followed by one that goes on with it.
 */
export async function haltFleet(
  { store, sessions }: FleetHaltParts,
  reason: string | null,
  cause: string,
): Promise<void> {
  if (!store.fleet.read().isHalted)
    store.write(cause, (record) => {
      store.fleet.set(true, reason);
      record("fleet.halted", "fleet", { reason });
    });
  const endings = await Promise.allSettled(
    store.sessions.list({ isLive: true }).map((session) =>
      sessions.end(session.id, "stopped", cause, {
        why: whyOf(session, store),
        graceMs: GRACE_MS,
      }),
    ),
  );
  const failure = endings.find((ending) => ending.status === "rejected");
  if (failure?.reason instanceof SwitchyardError) throw failure.reason;
  if (failure) throw new Error("a session could not be ended", { cause: failure.reason });
}

/** What the halt stopped goes on by itself once the dispatcher looks again. */
export function resumeFleet(store: Store, cause: string): void {
  if (!store.fleet.read().isHalted) return;
  store.write(cause, (record) => {
    store.fleet.set(false, null);
    record("fleet.resumed", "fleet", {});
  });
}

/** How many sessions that waited for the person when everything was stopped do so still, and go on at a message only. */
export function countAtRest(store: Store): number {
  return store.tasks.list({ status: ["needs-input"] }).filter(({ session }) => {
    const held = session === null ? undefined : store.sessions.find(session);
    return held?.state === "stopped" && held.reason === HALTED_AT_REST;
  }).length;
}

/** One sentence with the way on; null while work goes out. */
export function describeHalt({ isHalted, reason }: Fleet): string | null {
  if (!isHalted) return null;
  return `Everything was stopped${reason === null ? "" : ` (${reason})`}; let it go on with: switchyard resume`;
}

export function refuseWhileHalted(store: Store): void {
  const { isHalted, reason } = store.fleet.read();
  if (!isHalted) return;
  throw new SwitchyardError(
    "wrong-state",
    `Everything was stopped${reason === null ? "" : ` (${reason})`}, so nothing is started.`,
    "Let it go on with: switchyard resume",
  );
}

function whyOf(session: SessionRecord, store: Store): string | null {
  if (session.kind === "sign-in") return null;
  const task = session.task ? store.tasks.find(session.task) : undefined;
  const isQuiet = session.state === "idle" || session.state === "interrupted";
  // A quiet session may only be between its turn's end and what follows from it: its task says whether a person is waited for.
  const waits = isQuiet && (!task || task.status === "needs-input");
  return waits || (task && isBlocked(task)) ? HALTED_AT_REST : HALTED;
}
