import type { SessionId } from "../../../shared/model/ids.ts";
import { isLive } from "../../../shared/model/session.ts";
import type { Store } from "../store/store.ts";

/** Its signal aborts when the session is over, at once if it is already. To be disposed of when what it bounds is done. */
export function whileLive(
  store: Store,
  id: SessionId,
): { readonly signal: AbortSignal } & Disposable {
  const life = new AbortController();
  const look = () => {
    if (!isLive(store.sessions.find(id)?.state ?? "ended"))
      life.abort(new Error(`${id} is over, and what was done for it with it`));
  };
  const stop = store.onCommit(({ touched }) => {
    if (touched.sessions.has(id)) look();
  });
  look();
  return { signal: life.signal, [Symbol.dispose]: stop };
}
