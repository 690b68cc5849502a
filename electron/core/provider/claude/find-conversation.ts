import { homedir } from "node:os";
import { join } from "node:path";
import { bootId, type ProcessIdentity } from "../../base/process-identity.ts";
import { listClaudeStatuses } from "./list-claude-statuses.ts";

/** The living processes of a profile that have this conversation open. `dir` null: the provider's default folder. */
export function findConversation(
  dir: string | null,
  conversation: string,
  now: Date,
): readonly ProcessIdentity[] {
  const boot = bootId();
  return listClaudeStatuses(dir ?? join(homedir(), ".claude"), now)
    .filter((status) => status.conversation === conversation)
    .map(({ pid, startTicks }) => ({ pid, startTicks, bootId: boot }));
}
