import type { Session } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { ProcessIdentity } from "../base/process-identity.ts";
import type { SessionRecord } from "../store/store.ts";

const OPEN_ELSEWHERE = "its conversation is open elsewhere: ";

export interface ConversationParts {
  /** The living processes that have the session's conversation open. */
  readonly findHolders: () => readonly ProcessIdentity[];
  /** Whether it was started by a core of this data folder. */
  readonly isOurs: (holder: ProcessIdentity) => boolean;
  /** Ends what `find` names; resolves to what survived. */
  readonly end: (find: () => readonly ProcessIdentity[]) => Promise<readonly ProcessIdentity[]>;
}

/**
 * Right before a start: two processes never live in one conversation. One of ours that nobody owns any more is ended. One that a
 * person opened, or that does not end, keeps the session from starting: throws `wrong-state` and says where it is.
 */
export async function claimConversation(
  { findHolders, isOurs, end }: ConversationParts,
  session: SessionRecord,
): Promise<void> {
  if (findHolders().some(isOurs)) await end(() => findHolders().filter(isOurs));
  const [holder] = findHolders();
  if (!holder) return;
  throw new SwitchyardError(
    "wrong-state",
    `${OPEN_ELSEWHERE}process ${holder.pid} has it. Close it there, then send the task out again with: switchyard task retry ${session.task ?? ""}`,
  );
}

/** Whether this session was not started for that. */
export function isOpenElsewhere({ reason }: Pick<Session, "reason">): boolean {
  return reason?.startsWith(OPEN_ELSEWHERE) ?? false;
}
