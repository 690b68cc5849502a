import type { SessionId } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { SessionRecord, Store } from "../store/store.ts";

export function requireSession(store: Store, id: SessionId): SessionRecord {
  const session = store.sessions.find(id);
  if (session) return session;
  const hint = "See: switchyard session list";
  throw new SwitchyardError("not-found", `There is no session ${id}.`, hint);
}
