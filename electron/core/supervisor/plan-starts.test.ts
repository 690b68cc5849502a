import fc from "fast-check";
import { expect, test } from "vitest";
import { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import { type MachineRoom, planStarts, type Starter, type StartLimits } from "./plan-starts.ts";

const unlimited: StartLimits = { gapMs: 0, atOnce: 99, freeMemoryMb: null, loadPerCore: null };
const plenty: MachineRoom = {
  freeMemoryMb: 8_000,
  loadPerCore: 0,
  freeTerminals: 4_000,
  freeFiles: 4_000,
};

/** `s-3@max-1`: session s-3 of profile max-1. */
function starter(text: string): Starter {
  const [session = "", profile = ""] = text.split("@");
  return { session: SessionId.parse(session), profile: ProfileName.parse(profile) };
}

function check(story: {
  readonly waiting: readonly string[];
  readonly coming?: readonly string[];
  readonly sinceLastMs?: Readonly<Record<string, number>>;
  readonly limits?: Partial<StartLimits>;
  readonly room?: Partial<MachineRoom>;
  readonly go: readonly string[];
  /** What each of the others waits for, as far as it is asked about. */
  readonly waits?: Readonly<Record<string, string>>;
  readonly againInMs?: number | null;
}): void {
  const plan = planStarts({
    waiting: story.waiting.map(starter),
    coming: (story.coming ?? []).map(starter),
    sinceLastMs: new Map(
      Object.entries(story.sinceLastMs ?? {}).map(([name, ms]) => [ProfileName.parse(name), ms]),
    ),
    limits: { ...unlimited, ...story.limits },
    room: { ...plenty, ...story.room },
  });
  expect(plan.go.map(({ session }) => session)).toEqual(story.go);
  for (const [session, text] of Object.entries(story.waits ?? {}))
    expect(plan.waits.get(SessionId.parse(session))?.text).toContain(text);
  expect(plan.waits.size).toBe(story.waiting.length - story.go.length);
  if (story.againInMs !== undefined) expect(plan.againInMs).toBe(story.againInMs);
}

test("one of each profile starts, and the others name the one before them", () => {
  check({
    waiting: ["s-1@max-1", "s-2@max-1", "s-3@max-2", "s-4@max-1"],
    go: ["s-1", "s-3"],
    waits: {
      "s-2": "waits for s-1 of max-1 to come up",
      "s-4": "waits for s-2 of max-1 to come up",
    },
    againInMs: null,
  });
});

test("while one comes up the next of its profile waits for it", () => {
  check({
    coming: ["s-1@max-1"],
    waiting: ["s-2@max-1", "s-3@max-2"],
    go: ["s-3"],
    waits: { "s-2": "waits for s-1 of max-1" },
  });
});

test("a profile rests between two starts, and is looked at when that is over", () => {
  check({
    waiting: ["s-2@max-1", "s-3@max-2"],
    sinceLastMs: { "max-1": 300, "max-2": 1_000 },
    limits: { gapMs: 1_000 },
    go: ["s-3"],
    waits: { "s-2": "max-1 has just started another" },
    againInMs: 700,
  });
});

test("the machine takes as many at once as it may, in their order", () => {
  check({
    coming: ["s-1@a"],
    waiting: ["s-2@b", "s-3@c", "s-4@d"],
    limits: { atOnce: 2 },
    go: ["s-2"],
    waits: { "s-3": "waits for s-1, s-2 to come up", "s-4": "waits for s-1, s-2" },
    againInMs: null,
  });
});

test("memory is counted with what those that come up will still take", () => {
  check({
    waiting: ["s-1@a", "s-2@b"],
    limits: { freeMemoryMb: 400 },
    room: { freeMemoryMb: 450 },
    go: ["s-1"],
    waits: { "s-2": "waits for memory: 290 MB free, 400 needed" },
    againInMs: 1_000,
  });
});

test("F20: where hardly any pseudo-terminal is free nothing starts, and it says so", () => {
  check({
    waiting: ["s-1@a"],
    room: { freeTerminals: 4 },
    go: [],
    waits: { "s-1": "waits for a pseudo-terminal: 4 of this machine's are free, and 32 are kept" },
  });
});

test("F19: where the terminal host may open hardly any file nothing starts, and it says so", () => {
  check({
    waiting: ["s-1@a"],
    room: { freeFiles: 9 },
    go: [],
    waits: { "s-1": "waits for open files: the terminal host may open 9 more" },
  });
});

test("a busy machine is waited for where the person asks for that", () => {
  check({ waiting: ["s-1@a"], room: { loadPerCore: 9 }, go: ["s-1"] });
  check({
    waiting: ["s-1@a"],
    limits: { loadPerCore: 4 },
    room: { loadPerCore: 9 },
    go: [],
    waits: { "s-1": "waits for a calmer machine: 9.0" },
  });
});

test("what a system does not tell is not waited for", () => {
  check({
    waiting: ["s-1@a"],
    limits: { freeMemoryMb: 400, loadPerCore: 1 },
    room: { freeMemoryMb: null, loadPerCore: null, freeTerminals: null, freeFiles: null },
    go: ["s-1"],
  });
});

/** One of a hundred: how long it takes to come up once it is started. */
const burst = fc.array(
  fc.record({
    profile: fc.integer({ min: 0, max: 4 }),
    comesUpInMs: fc.integer({ min: 1, max: 3_000 }),
  }),
  { minLength: 100, maxLength: 100 },
);

test("F84: a burst of 100 starts one at a time a profile, with its pause, no more at once than the machine takes, in order", () => {
  fc.assert(
    fc.property(burst, fc.integer({ min: 1, max: 6 }), (sessions, atOnce) => {
      const limits = { ...unlimited, gapMs: 1_000, atOnce };
      const all = sessions.map(({ profile }, index) => starter(`s-${index + 1}@max-${profile}`));
      const upAtMs = new Map<SessionId, number>();
      const startedAtMs = new Map<ProfileName, number>();
      const started: { readonly starter: Starter; readonly atMs: number }[] = [];
      for (let nowMs = 0; started.length < all.length; ) {
        const has = new Set(started.map(({ starter: { session } }) => session));
        const coming = all.filter(({ session }) => (upAtMs.get(session) ?? 0) > nowMs);
        const plan = planStarts({
          waiting: all.filter(({ session }) => !has.has(session)),
          coming,
          sinceLastMs: new Map([...startedAtMs].map(([name, atMs]) => [name, nowMs - atMs])),
          limits,
          room: plenty,
        });
        expect(coming.length + plan.go.length).toBeLessThanOrEqual(atOnce);
        for (const goer of plan.go) {
          const lastMs = startedAtMs.get(goer.profile);
          if (lastMs !== undefined) expect(nowMs - lastMs).toBeGreaterThanOrEqual(1_000);
          expect(coming.map(({ profile }) => profile)).not.toContain(goer.profile);
          const index = all.indexOf(goer);
          upAtMs.set(goer.session, nowMs + (sessions[index]?.comesUpInMs ?? 1));
          startedAtMs.set(goer.profile, nowMs);
          started.push({ starter: goer, atMs: nowMs });
        }
        // On to the next thing that happens. That there is one is the promise that nobody waits for ever.
        const next = [...upAtMs.values()].filter((ms) => ms > nowMs);
        if (plan.againInMs !== null) next.push(nowMs + plan.againInMs);
        if (started.length < all.length) expect(next.length).toBeGreaterThan(0);
        nowMs = Math.min(...next);
      }
      for (const name of new Set(all.map(({ profile }) => profile))) {
        const ofProfile = ({ profile }: Starter) => profile === name;
        expect(started.map((each) => each.starter).filter(ofProfile)).toEqual(
          all.filter(ofProfile),
        );
      }
    }),
    { numRuns: 30 },
  );
});
