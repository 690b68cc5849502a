import { devNull, homedir } from "node:os";
import type { HostContract } from "../../shared/contract/host-contract.ts";
import type { Client } from "../../shared/contract/rpc.ts";
import type { Clock } from "./base/clock.ts";
import type { DataFolder } from "./base/data-folder.ts";
import type { Log } from "./base/log.ts";
import { makePrivateFolder } from "./base/make-private-folder.ts";
import type { composeProfiles } from "./compose-profiles.ts";
import { buildEnvironment } from "./process/session-environment.ts";
import { startDetached } from "./process/start-detached.ts";
import { resolveBrowser } from "./profile/browser-command.ts";
import { findLoginLink, planLogin } from "./provider/claude/claude-auth.ts";
import type { SessionRecord, Store } from "./store/store.ts";
import type { Sessions } from "./worker/sessions.ts";
import { SignIns } from "./worker/sign-ins.ts";

/** Puts the sign-ins together with the program that they run and the browser that shows their page. */
export function composeSignIns(parts: {
  readonly store: Store;
  readonly folder: DataFolder;
  readonly clock: Clock;
  readonly log: Log;
  readonly composed: ReturnType<typeof composeProfiles>;
  readonly sessions: Sessions;
  readonly host: () => Client<HostContract>;
  /** Writes the session's files; answers with the program that its login hands its link to. */
  readonly openLinkFileOf: (session: SessionRecord) => string;
}): SignIns {
  const { store, folder, clock, log, composed, sessions, host } = parts;
  return new SignIns({
    store,
    clock,
    log,
    sessions,
    host,
    folderOf: (id) => folder.sessionDir(id),
    cwd: folder.sessions,
    requireProgram: (profile) => void composed.executableOf(profile),
    planLaunch(session, profile) {
      if (profile.dir !== null) makePrivateFolder(profile.dir);
      const login = planLogin(profile.plan, parts.openLinkFileOf(session));
      return {
        file: composed.executableOf(profile),
        args: login.args,
        env: composed.environmentOf(profile, [], {
          ...login.env,
          SWITCHYARD_SESSION: session.id,
          SWITCHYARD_HOME: folder.home,
        }),
      };
    },
    findLink: findLoginLink,
    async openInBrowser(command, link) {
      const where = { pathVariable: process.env.PATH ?? "", homeFolder: homedir() };
      const { file, args } = resolveBrowser(command, where);
      await startDetached(file, [...args, link], {
        env: personEnvironment(),
        outputFile: devNull,
      });
    },
  });
}

/** The person's browser or editor is theirs, not a session: it gets their environment, without what would make it look like one of ours. */
export function personEnvironment(): Record<string, string> {
  const all = buildEnvironment({ person: process.env, allowed: ["*"] });
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => !name.startsWith("SWITCHYARD_")),
  );
}
