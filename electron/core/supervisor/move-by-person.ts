import type { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { isMovable } from "../../../shared/model/word-move.ts";
import type { Clock } from "../base/clock.ts";
import type { SessionRecord, Store, TaskRecord } from "../store/store.ts";
import { refuseWhileHalted } from "./fleet-halt.ts";
import type { MoveKeeper } from "./move-keeper.ts";
import { countArriving } from "./move-steps.ts";
import { refuseMove } from "./plan-move.ts";
import type { TaskSteps } from "./task-steps.ts";

interface PersonMoveParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly steps: TaskSteps;
  readonly moves: Pick<MoveKeeper, "move">;
}

/**
 * Moves the conversation of a session that waits for a limit to the profile that the person names. Resolves to the session that
 * goes on with it; whether its profile answers shows later. Throws a sentence for everything that is in the way.
 */
export async function moveByPerson(
  parts: PersonMoveParts,
  id: SessionId,
  to: ProfileName,
): Promise<SessionRecord> {
  const { store, clock, steps, moves } = parts;
  refuseWhileHalted(store);
  const { session, task } = requireWaiting(parts, id);
  const [here, there] = [requireProfile(store, session.profile), requireProfile(store, to)];
  if (task.pinnedProfile !== null && task.pinnedProfile !== to)
    throw new SwitchyardError(
      "wrong-state",
      `${task.id} is pinned to ${task.pinnedProfile}.`,
      `Pin it to another: switchyard task edit ${task.id} --profile ${to}`,
    );
  const live = there.live + countArriving(store, to);
  const refusal = refuseMove(here, { ...there, live }, clock.now().toISOString());
  if (refusal) throw new SwitchyardError("wrong-state", refusal.what, refusal.wayOut);
  const order = { to, strategy: "person", reason: "you moved it here" };
  const taker = await moves.move(session, task, order);
  if (taker) return taker;
  throw new SwitchyardError(
    "failed",
    `The conversation of ${id} did not move: ${steps.require(task.id).reason ?? "its task went another way"}.`,
    `See: switchyard task show ${task.id}`,
  );
}

function requireWaiting(
  { store, steps }: PersonMoveParts,
  id: SessionId,
): { readonly session: SessionRecord; readonly task: TaskRecord } {
  const session = store.sessions.find(id);
  if (!session)
    throw new SwitchyardError(
      "not-found",
      `There is no session ${id}.`,
      "See: switchyard session list",
    );
  const task = steps.heldBy(session);
  const isOnTrial = session.movedFrom?.step === "trying";
  if (task?.status === "parked" && isMovable(session)) return { session, task };
  const why = isOnTrial
    ? `${session.profile} has not answered it yet`
    : `it is ${session.state}${session.reason === null ? "" : ` (${session.reason})`}`;
  throw new SwitchyardError(
    "wrong-state",
    `Only the conversation of a session that waits for a limit can move; of ${id}, ${why}.`,
    `See: switchyard session show ${id}`,
  );
}

function requireProfile(store: Store, name: ProfileName) {
  const profile = store.profiles.find(name);
  if (profile) return profile;
  throw new SwitchyardError(
    "unknown-profile",
    `There is no profile ${name}.`,
    "See: switchyard profile list",
  );
}
