import fc from "fast-check";
import { expect, test } from "vitest";
import type { PersonKey } from "../../../shared/model/person-key.ts";
import type { Evidence, SessionState } from "../../../shared/model/session.ts";
import type { EvidenceEvent, StatusLevel, TurnEnding, TurnError } from "../provider/evidence.ts";
import { readStatus } from "./read-status.ts";
import { type SessionEvent, type SessionStatus, stepSession } from "./session-machine.ts";
import { weighEvidence } from "./weigh-evidence.ts";

/*
 * A true history of a session is invented: what it really does, and which signals that causes. These arrive late, twice, in any
 * order, or never; only the newest level and the record of the conversation are always there in the end, because they are files.
 * Then the machine, which keeps nothing but the session's row, must have the state that is true, or say that it does not know.
 */

type Deed =
  | "prompt"
  | "tool"
  | "ask"
  | "allow"
  | "refuse"
  | "esc"
  | "finish"
  | "finish-in-background"
  | "background-ends"
  | "background-is-killed"
  | "open-menu"
  | "close-menu"
  | "fill-context"
  | "compact"
  | "limit"
  | "limit-with-menu"
  | "lose-login"
  | "lose-network";
const DEEDS: readonly Deed[] = [
  "prompt",
  "tool",
  "ask",
  "allow",
  "refuse",
  "esc",
  "finish",
  "finish-in-background",
  "background-ends",
  "background-is-killed",
  "open-menu",
  "close-menu",
  "fill-context",
  "compact",
  "limit",
  "limit-with-menu",
  "lose-login",
  "lose-network",
];

/** What goes on in it. */
type Scene = "new" | "turn" | "asking" | "between" | "background" | "menu" | "cut" | "refused";

const TRUTH: Readonly<Record<Scene, SessionState>> = {
  new: "starting",
  turn: "working",
  asking: "needs-input",
  between: "idle",
  background: "working",
  menu: "needs-input",
  cut: "interrupted",
  refused: "limited",
};

interface History {
  readonly truth: SessionState;
  readonly hooks: readonly EvidenceEvent[];
  readonly levels: readonly EvidenceEvent[];
  /** What the person pressed, to some effect or none. */
  readonly keys: readonly EvidenceEvent[];
  /** The end of the newest turn, as the record tells it. */
  readonly told: EvidenceEvent | null;
}

const START_MS = Date.UTC(2026, 10, 21, 9);

/** Deeds that are not possible in the scene do not happen. */
function live(deeds: readonly Deed[]): History {
  let scene: Scene = "new";
  let ms = START_MS;
  let told: EvidenceEvent | null = null;
  const hooks: EvidenceEvent[] = [];
  const levels: EvidenceEvent[] = [];
  const keys: EvidenceEvent[] = [];
  const next = () => {
    ms += 50;
    return new Date(ms).toISOString();
  };
  const hook = (name: string, event: object) => {
    // Each caller writes out one member of the union; the fields all share are added here.
    hooks.push({ ...event, at: next(), signal: `hook:${name}` } as EvidenceEvent);
  };
  const level = (name: StatusLevel, waitingFor: string | null = null) => {
    levels.push({
      kind: "status-level",
      level: name,
      waitingFor,
      at: next(),
      signal: `level:${name}`,
    });
  };
  const press = (key: PersonKey) => {
    keys.push({ kind: "key-pressed", key, at: next(), signal: `key:${key}` });
  };
  const tell = (ending: TurnEnding) => {
    told = { kind: "turn-told", ending, message: "", at: next(), signal: `transcript:${ending}` };
  };
  const begin = (isSynthetic: boolean) => {
    hook("UserPromptSubmit", { kind: "prompt-accepted", prompt: "go", isSynthetic });
    level("busy");
    told = null;
    scene = "turn";
  };
  const cut = (ending: TurnEnding) => {
    tell(ending);
    level("idle");
    scene = "cut";
  };
  const end = (hasBackgroundWork: boolean) => {
    tell("completed");
    hook("Stop", { kind: "turn-ended", lastMessage: null, hasBackgroundWork });
    level(hasBackgroundWork ? "shell" : "idle");
    scene = hasBackgroundWork ? "background" : "between";
  };
  const fail = (error: TurnError) => {
    tell(error);
    hook("StopFailure", { kind: "turn-failed", error, message: "" });
    level("idle");
    scene = "refused";
  };
  const act: Readonly<Record<Deed, readonly [readonly Scene[], () => void]>> = {
    prompt: [["new", "between", "cut", "refused"], () => begin(false)],
    tool: [
      ["turn"],
      () => {
        hook("PreToolUse", { kind: "tool-started", tool: "Bash", summary: "ls" });
        // It closed a list in the pane; the turn goes on.
        press("Esc");
        hook("PostToolUse", { kind: "tool-ended", tool: "Bash" });
      },
    ],
    ask: [
      ["turn"],
      () => {
        hook("PreToolUse", { kind: "tool-started", tool: "Bash", summary: "rm" });
        hook("PermissionRequest", { kind: "permission-asked", tool: "Bash", summary: "rm" });
        level("waiting", "permission prompt");
        scene = "asking";
      },
    ],
    allow: [
      ["asking"],
      () => {
        press("Enter");
        level("busy");
        hook("PostToolUse", { kind: "tool-ended", tool: "Bash" });
        scene = "turn";
      },
    ],
    refuse: [
      ["asking"],
      () => {
        press("number");
        cut("interrupted");
      },
    ],
    esc: [
      ["turn"],
      () => {
        press("Esc");
        press("Ctrl-C");
        cut("interrupted");
      },
    ],
    finish: [["turn"], () => end(false)],
    "finish-in-background": [["turn"], () => end(true)],
    "background-ends": [["background"], () => begin(true)],
    "background-is-killed": [
      ["background"],
      () => {
        level("idle");
        scene = "between";
      },
    ],
    "open-menu": [
      ["between"],
      () => {
        level("waiting", "dialog open");
        scene = "menu";
      },
    ],
    "close-menu": [
      ["menu"],
      () => {
        level("idle");
        scene = "between";
      },
    ],
    "fill-context": [["turn"], () => cut("context-full")],
    compact: [
      ["turn"],
      () => {
        hook("PreCompact", { kind: "compacting" });
        hook("PostCompact", { kind: "compacted", isManual: false });
      },
    ],
    limit: [["turn"], () => fail("rate-limit")],
    "limit-with-menu": [
      ["turn"],
      () => {
        fail("rate-limit");
        // Its own menu is a command that it gives itself (measured with 2.1.329).
        level("busy");
        level("waiting", "dialog open");
      },
    ],
    "lose-login": [["turn"], () => fail("authentication")],
    "lose-network": [["turn"], () => fail("server")],
  };
  for (const deed of deeds) {
    const [scenes, does] = act[deed];
    if (scenes.includes(scene)) does();
  }
  return { truth: TRUTH[scene], hooks, levels, keys, told };
}

/** The row that a core keeps, taking in one event after another; each time as if it had just been started. */
function keepRow(told: EvidenceEvent | null) {
  let row: { state: SessionState; reason: string | null; evidence: Evidence[] } = {
    state: "starting",
    reason: null,
    evidence: [],
  };
  const now = new Date(START_MS + 3_600_000);
  const change = ({ state, reason }: SessionStatus, evidence: Evidence[]) => {
    row = { state, reason, evidence };
    return row;
  };
  return {
    hear(event: EvidenceEvent) {
      const world = { endAs: null, now, readTurn: () => told };
      const { status, evidence } = weighEvidence(row, [event], world);
      return change(status, evidence);
    },
    step: (event: SessionEvent) =>
      change(stepSession(readStatus(row, null, now), event), row.evidence),
  };
}

const anyDeeds = fc.array(fc.constantFrom(...DEEDS), { maxLength: 40 });
/** For each signal: does it arrive, does it arrive twice, and when. */
const anyFate = fc.infiniteStream(
  fc.record({ isLost: fc.boolean(), isDoubled: fc.boolean(), rank: fc.double({ noNaN: true }) }),
);
type Fate = typeof anyFate extends fc.Arbitrary<infer T> ? T : never;

function deliver(signals: readonly EvidenceEvent[], fate: Fate, isLossy: boolean) {
  const arrivals: { readonly event: EvidenceEvent; readonly rank: number }[] = [];
  for (const event of signals) {
    const { isLost, isDoubled, rank } = fate.next().value;
    if (isLossy && isLost) continue;
    arrivals.push({ event, rank });
    if (isDoubled) arrivals.push({ event, rank: -rank });
  }
  return arrivals.toSorted((a, b) => a.rank - b.rank).map(({ event }) => event);
}

function arriveAll(
  { hooks, levels, keys, told }: History,
  fate: Fate,
  lossy: "none" | "some" | "hooks",
) {
  const newest = levels.at(-1);
  const sure = lossy === "none" ? [...hooks, ...levels] : newest ? [newest] : [];
  const unsure = lossy === "none" ? [] : lossy === "some" ? [...hooks, ...levels] : levels;
  const pressed = deliver(keys, fate, true);
  const core = keepRow(told);
  const signals = deliver([...unsure], fate, true).concat(deliver(sure, fate, false));
  // Among the signals, wherever; what is left comes last.
  const arrivals = signals.flatMap((event) =>
    fate.next().value.isLost ? [event] : [...pressed.splice(0, 1), event],
  );
  arrivals.push(...pressed);
  let row = { state: "starting" as SessionState, reason: null as string | null };
  for (const event of arrivals) row = core.hear(event);
  if (row.state === "starting") row = core.step({ kind: "stayed-silent", afterMs: 20_000 });
  return row;
}

test("with every signal there, in whatever order and however often, the state is the true one", () => {
  fc.assert(
    fc.property(anyDeeds, anyFate, (deeds, fate) => {
      const history = live(deeds);
      const { state } = arriveAll(history, fate, "none");
      expect(state).toBe(history.truth === "starting" ? "unknown" : history.truth);
    }),
    { numRuns: 1_000 },
  );
});

test("with signals lost the state is the true one, or it is said to be unknown and why", () => {
  fc.assert(
    fc.property(anyDeeds, anyFate, (deeds, fate) => {
      const history = live(deeds);
      const { state, reason } = arriveAll(history, fate, "some");
      if (state === "unknown") expect(reason).not.toBeNull();
      else expect(state).toBe(history.truth);
    }),
    { numRuns: 1_000 },
  );
});

test("with no hook at all, because nobody takes them in, levels and the record are enough", () => {
  fc.assert(
    fc.property(anyDeeds, anyFate, (deeds, fate) => {
      const history = live(deeds);
      const { state, reason } = arriveAll(history, fate, "hooks");
      if (state === "unknown") expect(reason).not.toBeNull();
      else expect(state).toBe(history.truth);
    }),
    { numRuns: 1_000 },
  );
});

test("a session that was killed stays dead, whatever arrives of it later", () => {
  fc.assert(
    fc.property(anyDeeds, anyFate, fc.nat(20), (deeds, fate, killedAfter) => {
      const history = live(deeds);
      const core = keepRow(history.told);
      const arrivals = deliver([...history.hooks, ...history.levels], fate, true);
      const kill: SessionEvent = { kind: "exited", code: null, signal: "SIGKILL" };
      for (const event of arrivals.slice(0, killedAfter)) core.hear(event);
      expect(core.step(kill).state).toBe("failed");
      for (const event of arrivals.slice(killedAfter))
        expect(core.hear(event).state).toBe("failed");
    }),
  );
});
