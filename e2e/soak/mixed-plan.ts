import { mkdirSync } from "node:fs";
import path from "node:path";
import { writeMarker } from "../../demo/scripted-model/read-marker.ts";
import type { ScenarioSource } from "../../demo/scripted-model/scenario.ts";
import type { PlainScriptStep, ScriptStep } from "../../demo/scripted-model/step.ts";
import {
  makeMixedRepository,
  STEADY_TEST,
  writeLoad,
  writePair,
  writePieceTest,
  writeUnsteadyTest,
} from "./mixed-repository.ts";

export interface MixedTask {
  readonly key: string;
  readonly body: string;
  /** Keys of those that land before it. */
  readonly after: readonly string[];
  /** Two of one race are both begun before one of them commits; which of them comes second is open. */
  readonly race: MixedRace | null;
}

/** What comes of the second of two: it comes back for `reason`, over `files`; then it lands too, or its worker does not see how. */
export interface MixedRace {
  readonly name: string;
  readonly reason: RegExp;
  readonly files: readonly string[];
  readonly end: "both-land" | "second-stays";
}

export interface MixedPlan {
  readonly repository: string;
  readonly target: string;
  /** The commit it begins with. */
  readonly from: string;
  readonly check: string;
  /** Without this folder the test that fails now and then does not. */
  readonly weather: string;
  readonly tasks: readonly MixedTask[];
  readonly scenario: ScenarioSource;
}

export const mixedProfiles = [
  { name: "max-1", plan: "max", cap: 4, token: "switchyard-mixed-max-01" },
  { name: "max-2", plan: "max", cap: 4, token: "switchyard-mixed-max-02" },
  { name: "pro-1", plan: "pro", cap: 2, token: "switchyard-mixed-pro-01" },
] as const;

/** Pairs whose second worker settles the conflict, and pairs whose second worker does not see how. */
const SETTLED_PAIRS = [1, 2];
const STUCK_PAIRS = [3, 4];
const PAIRS = [...SETTLED_PAIRS, ...STUCK_PAIRS];
const PLAIN = 13;
/** So many are there at once, each followed by those that wait for it. */
const CHAINS = 4;
const UNSTEADY = "test/weather.js";
const TOO_MUCH = "fails together with it";
/** A command of Claude Code's may take two minutes. */
const MEET_LIMIT_S = 110;

/**
 * Twenty-four tasks for a small library with real tests: four pairs that write the same line, two whose branches break a test only
 * together, one that adds a test which fails now and then, and thirteen that are in nobody's way.
 */
export function makeMixedPlan(folder: string): MixedPlan {
  const weather = path.join(folder, "weather");
  const meetings = path.join(folder, "meetings");
  for (const each of [weather, meetings]) mkdirSync(each);
  const tasks = [
    ...PAIRS.flatMap((pair) => ["left", "right"].map((side) => planRacer(pair, side, meetings))),
    ...["heavy", "weighty"].map((name) => planLoad(name, meetings)),
    planUnsteady(weather),
    ...Array.from({ length: PLAIN }, (_, n) => planPlain(n + 1)),
  ];
  return {
    ...makeMixedRepository(folder, PAIRS),
    target: "main",
    check: "node --test",
    weather,
    tasks,
    scenario: {
      rules: [
        ...SETTLED_PAIRS.map(settle),
        ...STUCK_PAIRS.map(giveUp),
        lighten,
        mend,
        // Whoever is reminded, or not accepted, calls again.
        { prompt: "task_done", steps: [finish] },
      ],
      profiles: Object.fromEntries(
        mixedProfiles.map(({ name, token }) => [token.slice(-6), { name }]),
      ),
    },
  };
}

function planRacer(pair: number, side: string, meetings: string): MixedTask {
  const file = pairFile(pair);
  const race: MixedRace = {
    name: `pair-${pair}`,
    reason: /^conflicts with main$/,
    files: [file],
    end: SETTLED_PAIRS.includes(pair) ? "both-land" : "second-stays",
  };
  const work = [{ read: file }, { write: { path: file, content: writePair([side]) } }];
  const body = writeBody(`Name ${side} in ${file}.`, [meet(meetings, race.name, side), ...work]);
  return { key: `${race.name}-${side}`, body, after: [], race };
}

function planLoad(name: string, meetings: string): MixedTask {
  const race: MixedRace = {
    name: "load",
    reason: /^fails together with /,
    files: [],
    end: "both-land",
  };
  const write = { write: { path: `src/loads/${name}.js`, content: writeLoad(6) } };
  const body = writeBody(`Add the load ${name}.`, [meet(meetings, race.name, name), write]);
  return { key: name, body, after: [], race };
}

function planUnsteady(weather: string): MixedTask {
  const write = { write: { path: UNSTEADY, content: writeUnsteadyTest(weather) } };
  return { key: "weather", body: writeBody("Test the weather.", [write]), after: [], race: null };
}

function planPlain(n: number): MixedTask {
  const name = `piece-${n}`;
  const body = writeBody(`Add ${name} with its test.`, [
    { write: { path: `src/${name}.js`, content: `export const value = ${n};\n` } },
    { write: { path: `test/${name}.js`, content: writePieceTest(name, n) } },
  ]);
  const after = n > CHAINS ? [`piece-${n - CHAINS}`] : [];
  return { key: name, body, after, race: null };
}

function pairFile(pair: number): string {
  return `src/pair-${pair}.js`;
}

function conflictIn(file: string): string {
  return `conflicts with main[\\s\\S]*${file.replace(".", "\\.")}`;
}

const commit: PlainScriptStep = { bash: 'git add --all && git commit --quiet -m "The work"' };
const finish: PlainScriptStep = {
  mcp: { server: "switchyard", tool: "task_done", input: { summary: "It is done." } },
};

function writeBody(asked: string, work: readonly ScriptStep[]): string {
  const again: ScriptStep = { when: "Accepted", do: [{ say: "Done." }], otherwise: [finish] };
  return `${asked}\n\n${writeMarker([...work, commit, finish, again])}\n`;
}

/** Waits until both of a race have come so far: their branches have begun at the same commit then. */
function meet(folder: string, race: string, one: string): PlainScriptStep {
  const own = `${folder}/${race}`;
  const wait = `for i in $(seq ${MEET_LIMIT_S * 5}); do [ "$(ls ${own} | wc -l)" = 2 ] && exit 0; sleep 0.2; done; exit 1`;
  return { bash: { command: `mkdir -p ${own}/${one}; ${wait}`, timeout: MEET_LIMIT_S * 1000 } };
}

type Rule = NonNullable<ScenarioSource["rules"]>[number];

/** What a worker does that comes second and keeps both names. */
function settle(pair: number): Rule {
  const file = pairFile(pair);
  const both = { write: { path: file, content: writePair(["left", "right"]) } };
  return answerHandback(conflictIn(file), [{ bash: "git merge main" }, { read: file }, both]);
}

/** What one does that does not see how both can be right. */
function giveUp(pair: number): Rule {
  const file = pairFile(pair);
  const input = { reason: `Who is right about ${file}?` };
  const ask = { mcp: { server: "switchyard", tool: "task_blocked", input } };
  return { prompt: conflictIn(file), overMarker: true, steps: [ask] };
}

/** The load that came second is made lighter: its file is the one that the target has not got. */
const lighten: Rule = answerHandback(TOO_MUCH, [
  { bash: "git merge main" },
  {
    bash: `for file in $(git diff --name-only --diff-filter=A main HEAD -- src/loads); do printf '${writeLoad(3).trim()}\\n' > $file; done`,
  },
]);

/** The task that the app makes by itself where a test flips too often. */
const mend: Rule = {
  prompt: "Mend the flaky test",
  steps: [{ read: UNSTEADY }, { write: { path: UNSTEADY, content: STEADY_TEST } }, commit, finish],
};

/** What a fresh conversation is told of returned work repeats the task, and with it the script that was played already. */
function answerHandback(prompt: string, steps: readonly PlainScriptStep[]): Rule {
  return { prompt, overMarker: true, steps: [...steps, commit, finish] };
}
