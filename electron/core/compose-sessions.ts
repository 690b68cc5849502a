import { homedir } from "node:os";
import type { HostContract } from "../../shared/contract/host-contract.ts";
import type { Client } from "../../shared/contract/rpc.ts";
import { composeHandoffMark } from "./compose-handoffs.ts";
import type { Strays } from "./compose-strays.ts";
import { processesMaxOf } from "./compose-watchdog.ts";
import type { CoreParts } from "./core-parts.ts";
import { ClaudeLevels } from "./provider/claude/claude-levels.ts";
import { readClaudeSignal } from "./provider/claude/read-claude-signal.ts";
import { transcriptFile } from "./provider/claude/read-last-messages.ts";
import { readToldTurn } from "./provider/claude/read-told-turn.ts";
import type { SessionRecord } from "./store/store.ts";
import { createUsage } from "./usage/usage.ts";
import { Sessions } from "./worker/sessions.ts";

/** The sessions, with what Claude Code tells of itself beside its hooks: its level, its record, its use. */
export function composeSessions(
  parts: CoreParts & {
    readonly host: () => Client<HostContract>;
    readonly strays: Strays;
  },
): Sessions {
  const { store, folder, clock, log, settings, composed, health, worktrees, host, strays } = parts;
  const usage = createUsage({ store, clock, log });
  const levels = new ClaudeLevels(clock, homedir());
  const dirOf = ({ profile }: SessionRecord) => store.profiles.find(profile)?.dir ?? null;
  return new Sessions({
    store,
    clock,
    log,
    host,
    folderOf: (id) => folder.sessionDir(id),
    readSignal: readClaudeSignal,
    watchLevel: (session, onLevel, ending) => {
      const dir = dirOf(session);
      if (session.pid !== null)
        levels.watch({ dir, pid: session.pid, startTicks: session.startTicks }, onLevel, ending);
    },
    readTurn: (session) => {
      const dir = dirOf(session);
      return readToldTurn(transcriptFile(dir, session.cwd, session.providerSession));
    },
    endStrays: (id) => strays.endOf(id),
    untilSilent: (waiting) => health.untilSilent(waiting),
    noteUsage: ({ id, profile }, { windows, answer, refused = [] }) => {
      const told = { profile, session: id, answer: answer?.id ?? null, windows, refused };
      if (usage.take(told)) composed.profiles.limits.noteWindows(profile);
    },
    processesMaxOf: (session) => processesMaxOf(parts, session.project),
    beforeEnd: (session) => worktrees.checkpoints.beforeEnd(session),
    handoffAt: composeHandoffMark({ store, settings }),
  });
}
