// The person's keys in the pane of the real Claude Code: what the session machine makes of them is asked here.
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PersonKey } from "../../../shared/model/person-key.ts";
import type { Evidence, SessionState } from "../../../shared/model/session.ts";
import {
  type ClaudeRun,
  ClaudeWorld,
  isRealClaudeMissing,
} from "../provider/claude/claude-world.ts";
import type { EvidenceEvent } from "../provider/evidence.ts";
import { weighEvidence } from "./weigh-evidence.ts";

let world: ClaudeWorld;
const seesLevel = (run: ClaudeRun, name: string) =>
  world.until(() => (run.levels.at(-1)?.level === name ? true : undefined));

function press(run: ClaudeRun, key: PersonKey, typed: string): EvidenceEvent {
  const at = new Date().toISOString();
  run.pty.write(typed);
  return { kind: "key-pressed", key, signal: `key:${key}`, at };
}

/** The row of a session that heard all of it, in the order in which it happened. */
function rowAfter(events: readonly EvidenceEvent[]) {
  const row = {
    state: "starting" as SessionState,
    reason: null as string | null,
    evidence: [] as Evidence[],
  };
  const heard = events.toSorted((one, other) => one.at.localeCompare(other.at));
  const around = { endAs: null, now: new Date(), readTurn: () => null };
  const { status, evidence } = weighEvidence(row, heard, around);
  return { ...status, evidence };
}

describe.skipIf(isRealClaudeMissing)("the real Claude Code", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    world = await ClaudeWorld.open();
  }, 60_000);
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  test("is interrupted by Esc in its turn, and the key is the evidence for why", async () => {
    await using run = await world.launch([{ bash: "sleep 60" }, { say: "x" }], {
      allow: ["Bash(sleep *)"],
    });
    await world.heard("prompt-accepted");
    await seesLevel(run, "busy");
    await world.until(() => (/interrupt/.test(run.printed()) ? true : undefined));
    const key = press(run, "Esc", "\u001b");
    await seesLevel(run, "idle");
    const { state, reason, evidence } = rowAfter([...world.evidence, ...run.levels, key]);
    expect([state, reason]).toEqual([
      "interrupted",
      "its turn was cut short: the person pressed Esc",
    ]);
    expect(evidence.map(({ signal }) => signal)).toContain("key:Esc");
    const idle = run.levels.at(-1);
    expect(idle && idle.at >= key.at).toBe(true);
  });

  test("is told a no by Esc at what it asks", async () => {
    const command = `touch '${join(world.folder, "elsewhere")}'`;
    await using run = await world.launch([{ bash: command }, { say: "x" }]);
    await seesLevel(run, "waiting");
    await world.until(() => (/No/.test(run.printed()) ? true : undefined));
    const key = press(run, "Esc", "\u001b");
    await seesLevel(run, "idle");
    const { state, reason } = rowAfter([...world.evidence, ...run.levels, key]);
    expect([state, reason]).toEqual([
      "interrupted",
      "its turn was cut short: the person pressed Esc",
    ]);
  });
});
