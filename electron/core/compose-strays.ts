import type { SessionId } from "../../shared/model/ids.ts";
import type { Profile } from "../../shared/model/profile.ts";
import { isLive } from "../../shared/model/session.ts";
import type { Clock } from "./base/clock.ts";
import type { DataFolder } from "./base/data-folder.ts";
import type { Log } from "./base/log.ts";
import { endFound, endMarked, findMarked, isMarked, variableOf } from "./process/sweep-marked.ts";
import { findConversation } from "./provider/claude/find-conversation.ts";
import type { SessionRecord, Store } from "./store/store.ts";
import { claimConversation } from "./worker/claim-conversation.ts";

export interface Strays {
  /** Ends what still runs of a session; resolves to the pids of what survived. */
  endOf(session: SessionId): Promise<readonly number[]>;
  /** Ends what runs of sessions that are over, e.g. because their host was killed together with an earlier core. */
  endAll(): Promise<void>;
  /** Sees to it that no other process has the session's conversation, at any profile where it has been. */
  claimConversation(session: SessionRecord, profile: Profile): Promise<void>;
}

/** Processes of sessions, found by what the terminal host puts into the environment of each program and so of all that it starts. */
export function composeStrays(parts: {
  readonly store: Store;
  readonly folder: DataFolder;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
}): Strays {
  const { store, folder, clock, log, signal } = parts;
  const home = { SWITCHYARD_HOME: folder.home };
  const findOrphans = () => {
    const over = new Set<string>(
      store.sessions.list().flatMap(({ id, state }) => (isLive(state) ? [] : [id])),
    );
    // This core itself may have been started from inside a pane.
    over.delete(process.env.SWITCHYARD_SESSION ?? "");
    return findMarked(home).filter(({ pid }) =>
      over.has(variableOf(pid, "SWITCHYARD_SESSION") ?? ""),
    );
  };
  return {
    async endOf(session) {
      const left = await endMarked({ ...home, SWITCHYARD_SESSION: session }, clock, signal);
      return left.map(({ pid }) => pid);
    },
    async endAll() {
      const left = await endFound(findOrphans, clock, signal);
      if (left.length > 0) log.warn({ left }, "processes of sessions that are over do not end");
    },
    async claimConversation(session, profile) {
      const { providerSession } = session;
      const before = store.sessions
        .list(session.task === null ? {} : { task: session.task })
        .filter((each) => each.providerSession === providerSession)
        .flatMap((each) => store.profiles.find(each.profile)?.dir ?? []);
      for (const dir of new Set([profile.dir, ...before]))
        await claimConversation(
          {
            findHolders: () => findConversation(dir, providerSession, clock.now()),
            isOurs: ({ pid }) => isMarked(pid, home),
            end: (find) => endFound(find, clock, signal),
          },
          session,
        );
    },
  };
}
