import fc from "fast-check";
import { expect, test } from "vitest";
import type { PersonKey } from "../../../shared/model/person-key.ts";
import { isLive, type SessionState } from "../../../shared/model/session.ts";
import type { EvidenceEvent } from "../provider/evidence.ts";
import { type SessionEvent, type SessionStatus, stepSession } from "./session-machine.ts";

const starting: SessionStatus = {
  state: "starting",
  reason: null,
  edgeAt: null,
  askedAt: null,
  level: null,
  key: null,
  isTurnOpen: false,
  endAs: null,
};
const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 9, 0, second)).toISOString();

const hook = (second: number, event: object): SessionEvent => ({
  kind: "evidence",
  // Each caller below writes out one member of the union; the shared fields are added here.
  evidence: { at: at(second), signal: "hook", ...event } as EvidenceEvent,
});
const prompt = (second: number) =>
  hook(second, { kind: "prompt-accepted", prompt: "go", isSynthetic: false });
const permission = (second: number) =>
  hook(second, { kind: "permission-asked", tool: "Bash", summary: "rm -r build" });
const stop = (second: number, hasBackgroundWork = false) =>
  hook(second, { kind: "turn-ended", lastMessage: "done", hasBackgroundWork });
const failed = (second: number, error: string) =>
  hook(second, { kind: "turn-failed", error, message: "no" });
const level = (second: number, name: string, waitingFor: string | null = null) =>
  hook(second, { kind: "status-level", level: name, waitingFor });
const exited = (code: number | null, signal: string | null = null): SessionEvent => ({
  kind: "exited",
  code,
  signal,
});

function check(events: readonly SessionEvent[], state: SessionState) {
  expect(events.reduce(stepSession, starting).state).toBe(state);
}

test("a session starts until its first message is accepted", () =>
  check([level(1, "idle")], "starting"));
test("an accepted message makes it work", () => check([prompt(1)], "working"));
test("a turn that ends by its hook leaves it idle", () =>
  check([prompt(1), stop(2), level(3, "idle")], "idle"));
test("a turn that ends with no hook was interrupted", () =>
  check([prompt(1), level(2, "busy"), level(3, "idle")], "interrupted"));
test("a level from before the last hook is stale", () =>
  check([prompt(1), stop(4), level(3, "busy")], "idle"));
test("a question stays open until the level or a tool says otherwise", () =>
  check([prompt(1), permission(2), level(3, "waiting")], "needs-input"));
test("an allowed tool goes on", () =>
  check([prompt(1), permission(2), level(3, "busy")], "working"));
test("a tool beside the one that is asked about does not hide the question", () =>
  check(
    [prompt(1), permission(2), level(3, "waiting"), hook(4, { kind: "tool-ended", tool: "Read" })],
    "needs-input",
  ));
test("an answer is seen although a tool's end overtook its level", () =>
  check(
    [
      prompt(1),
      permission(2),
      level(3, "waiting"),
      hook(5, { kind: "tool-ended", tool: "Bash" }),
      level(4, "busy"),
    ],
    "working",
  ));
test("an edge that comes after a newer one changes nothing", () =>
  check([prompt(1), stop(5), hook(3, { kind: "tool-ended", tool: "Read" })], "idle"));
test("an edge that comes after a newer level gives way to it", () =>
  check([prompt(1), level(4, "busy"), permission(3)], "working"));
test("a menu that was opened between turns and closed again cut no turn short", () =>
  check([prompt(1), stop(2), level(3, "waiting", "dialog open"), level(4, "idle")], "idle"));
test("a background command that ends without a word cut no turn short", () =>
  check([prompt(1), stop(2, true), level(3, "shell"), level(4, "idle")], "idle"));
const told = (second: number, ending: string) =>
  hook(second, { kind: "turn-told", ending, message: "said" });
test("a turn of which no hook told is known by its record", () => {
  const silent = [prompt(1), level(5, "idle")];
  check([...silent, told(4, "completed")], "idle");
  check([...silent, told(4, "interrupted")], "interrupted");
  check([...silent, told(4, "context-full")], "interrupted");
  check([...silent, told(4, "server")], "limited");
});
test("the record of an earlier turn says nothing of this one", () =>
  check([prompt(3), level(5, "idle"), told(2, "completed")], "interrupted"));
const pressed = (second: number, key: PersonKey): SessionEvent => ({
  kind: "evidence",
  evidence: { kind: "key-pressed", at: at(second), signal: `key:${key}`, key },
});
function checkReason(events: readonly SessionEvent[], reason: string) {
  const status = events.reduce(stepSession, starting);
  expect(status.state).toBe("interrupted");
  expect(status.reason).toBe(`its turn was cut short: ${reason}`);
}
const UNKNOWN_CUT = "Esc, a refused question, or a full context";
test("the key that the person pressed says why a turn was cut short", () => {
  const working = [prompt(1), level(2, "busy")];
  checkReason([...working, pressed(3, "Esc"), level(4, "idle")], "the person pressed Esc");
  checkReason([...working, pressed(3, "Ctrl-C"), level(4, "idle")], "the person pressed Ctrl-C");
  const silent = [...working, pressed(4, "Esc"), level(5, "idle"), told(4, "interrupted")];
  checkReason(silent, "said; the person pressed Esc");
});
test("the key that answered a question with a no says so", () =>
  checkReason(
    [prompt(1), permission(2), level(3, "waiting"), pressed(4, "number"), level(5, "idle")],
    "the person pressed the number of an answer",
  ));
test("a key that was heard twice, or of two the newer one, is told once", () => {
  const working = [prompt(1), level(2, "busy")];
  const twice = [pressed(3, "Esc"), pressed(3, "Esc")];
  checkReason([...working, ...twice, level(4, "idle")], "the person pressed Esc");
  const contrary = [pressed(4, "Ctrl-C"), pressed(3, "Esc")];
  checkReason([...working, ...contrary, level(5, "idle")], "the person pressed Ctrl-C");
});
test("a key that is heard late, lies long back or was followed by a hook says nothing", () => {
  const working = [prompt(1), level(2, "busy")];
  checkReason([...working, level(4, "idle"), pressed(3, "Esc")], UNKNOWN_CUT);
  checkReason([...working, pressed(3, "Esc"), level(20, "idle")], UNKNOWN_CUT);
  const tool = hook(4, { kind: "tool-ended", tool: "Read" });
  checkReason([...working, pressed(3, "Esc"), tool, level(5, "idle")], UNKNOWN_CUT);
});
test("a turn that ended by its hook was not cut short, whatever was pressed", () =>
  check([prompt(1), pressed(2, "Esc"), stop(3), level(4, "idle")], "idle"));

test("a refused tool ends the turn", () =>
  check([prompt(1), permission(2), level(3, "idle")], "interrupted"));
test("a dialog without a hook is seen by its level", () =>
  check([prompt(1), level(2, "waiting", "dialog open")], "needs-input"));
test("a spent quota is a state of its own", () =>
  check([prompt(1), failed(2, "rate-limit"), level(3, "idle")], "limited"));
test("a dead login is waited out, and the idle level that follows changes nothing of it", () =>
  check([prompt(1), failed(2, "authentication"), level(3, "idle")], "limited"));
test("a provider that cannot be reached is waited out", () =>
  check([prompt(1), failed(2, "server"), level(3, "idle")], "limited"));
test("a background command keeps it working", () =>
  check([prompt(1), stop(2, true), level(3, "shell")], "working"));
test("silence after the start is unknown, and the first signal heals it", () => {
  check([{ kind: "stayed-silent", afterMs: 20_000 }], "unknown");
  check([{ kind: "stayed-silent", afterMs: 20_000 }, prompt(30)], "working");
});
test("an exit that we asked for ends it as asked", () =>
  check([prompt(1), { kind: "end-asked", as: "stopped" }, exited(143)], "stopped"));
test("an exit that nobody asked for is a failure", () => check([prompt(1), exited(1)], "failed"));
test("an exit before its first message tells what the program said", () => {
  const event: SessionEvent = { kind: "exited", code: 7, signal: null, lastWords: "no license" };
  expect(stepSession(starting, event)).toMatchObject({
    state: "failed",
    reason: "exit code 7; it said: no license",
  });
});
test("a worker that leaves before its first message has failed, whatever its exit code", () => {
  check([{ kind: "exited", code: 0, signal: null, isUnstarted: true }], "failed");
});
test("being killed is a failure, and says by what", () =>
  check([prompt(1), exited(null, "SIGKILL")], "failed"));
test("a program that the system ended for want of memory says so", () => {
  const event: SessionEvent = {
    kind: "exited",
    code: null,
    signal: "SIGKILL",
    isOutOfMemory: true,
  };
  expect(stepSession({ ...starting, state: "working" }, event).reason).toContain("out of memory");
});
test("a program that was ended for what it did is stopped with that reason, whatever it left with", () => {
  const stoppedFor = "runaway: 1203 processes of it ran at once";
  const event: SessionEvent = { kind: "exited", code: null, signal: "SIGKILL", stoppedFor };
  const short: SessionEvent = { ...event, isOutOfMemory: true };
  for (const each of [event, short])
    expect(stepSession({ ...starting, state: "working" }, each)).toMatchObject({
      state: "stopped",
      reason: stoppedFor,
    });
});
test("a program left at its own keyboard has ended", () =>
  check([prompt(1), stop(2), exited(0)], "ended"));
test("a late signal does not bring a session back", () => check([exited(1), prompt(5)], "failed"));

const second = fc.nat(100);
const anyEvent: fc.Arbitrary<SessionEvent> = fc.oneof(
  second.map(prompt),
  second.map(permission),
  fc.tuple(second, fc.boolean()).map(([s, background]) => stop(s, background)),
  fc
    .tuple(second, fc.constantFrom("rate-limit", "authentication", "server", "invalid", "unknown"))
    .map(([s, error]) => failed(s, error)),
  fc
    .tuple(second, fc.constantFrom("idle", "busy", "waiting", "shell", "unknown"))
    .map(([s, name]) => level(s, name)),
  fc
    .tuple(second, fc.constantFrom("completed", "interrupted", "context-full", "server"))
    .map(([s, ending]) => told(s, ending)),
  fc.constantFrom<SessionEvent>(
    exited(0),
    exited(1),
    { kind: "end-asked", as: "ended" },
    { kind: "end-asked", as: "stopped" },
    { kind: "stayed-silent", afterMs: 20_000 },
    { kind: "lost", reason: "gone" },
    { kind: "start-failed", reason: "no program" },
  ),
);

test("signals late, doubled or out of order never revive a session, and a stale level never decides", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 80 }), (events) => {
      let status = starting;
      for (const event of events) {
        const next = stepSession(status, event);
        if (!isLive(status.state)) expect(next).toEqual(status);
        if (
          event.kind === "evidence" &&
          event.evidence.kind === "status-level" &&
          status.edgeAt !== null &&
          event.evidence.at <= status.edgeAt
        ) {
          // But for the end of a wait that a tool's end overtook.
          const isAnswered = status.state === "needs-input" && next.state === "working";
          if (!isAnswered) expect({ ...next, level: null }).toEqual({ ...status, level: null });
        }
        if (event.kind === "exited") expect(isLive(next.state)).toBe(false);
        status = next;
      }
    }),
  );
});

const anyKey: fc.Arbitrary<SessionEvent> = fc
  .tuple(second, fc.constantFrom<PersonKey>("Esc", "Ctrl-C", "Enter", "number"))
  .map(([s, key]) => pressed(s, key));

test("keys, late, doubled or contradictory, move no state: without them it is the same at every step", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(anyEvent, fc.array(anyKey, { maxLength: 3 })), { maxLength: 60 }),
      (story) => {
        let without = starting;
        let withKeys = starting;
        for (const [event, keys] of story) {
          for (const key of [...keys, ...keys.toReversed()]) {
            const next = stepSession(withKeys, key);
            expect({ ...next, key: null }).toEqual({ ...withKeys, key: null });
            withKeys = next;
          }
          without = stepSession(without, event);
          withKeys = stepSession(withKeys, event);
          expect({ ...withKeys, key: null, reason: null }).toEqual({ ...without, reason: null });
          const isSame = withKeys.reason === without.reason;
          expect(isSame || withKeys.state === "interrupted").toBe(true);
        }
      },
    ),
  );
});

test("after the last signal of a turn, the truth is the same whatever was lost before", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 40 }), (lost) => {
      const before = lost
        .filter((event) => event.kind === "evidence")
        .reduce(stepSession, starting);
      expect([stop(200), level(201, "idle")].reduce(stepSession, before).state).toBe("idle");
    }),
  );
});
