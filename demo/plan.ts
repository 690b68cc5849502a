import { commit, type DemoTask, finish, ponder } from "./plan/demo-task.ts";
import { overwriteWith, playChanges } from "./plan/play-changes.ts";
import type { ScenarioSource } from "./scripted-model/scenario.ts";
import type { ScriptStep } from "./scripted-model/step.ts";

export const DEMO_PLAN_TITLE = "Timetable 1.1";

/** Where the two board changes have met: the file with both of them. */
const mergeBoth = overwriteWith("board-merged");
/** The steps of a board change; one that finds the other landed before it began puts both in. */
function playBoardChange(name: string): readonly ScriptStep[] {
  const steps: readonly ScriptStep[] = playChanges(name);
  const unlessLanded: ScriptStep = { when: "not found", do: [...mergeBoth] };
  return steps.flatMap((step): ScriptStep[] => ("edit" in step ? [step, unlessLanded] : [step]));
}

/** These two change the same line and neither waits for the other: the one that comes second conflicts. */
const boardTasks: readonly DemoTask[] = [
  {
    key: "via",
    title: "Show the stations on the way",
    description:
      "On the departure board, name the stations a train calls at before its last one: `Castleford via Brackwater`. A train that does not stop in between is shown as before.",
    after: [],
    steps: [
      ponder("I look at how a line of the board is put together. "),
      ...playBoardChange("via"),
      ponder("Two tests: one with a station on the way, one without. "),
      commit("Show the stations on the way"),
      finish("The board names the stations on the way, with two tests."),
    ],
  },
  {
    key: "minutes",
    title: "Show how long a train takes",
    description:
      "At the end of each line of the departure board, say how many minutes the train takes to its last station, like `85 min`.",
    after: [],
    steps: [
      ponder("The arrival at the last station is known; the line only has to show it. "),
      ...playBoardChange("minutes"),
      ponder("One test for a train with a stop in between. "),
      commit("Show how long a train takes"),
      finish("Each line of the board ends with the minutes of the ride."),
    ],
  },
];

const searchTasks: readonly DemoTask[] = [
  {
    key: "stations",
    title: "List the stations of a timetable",
    description:
      "Add `listStations(trains)` in `src/stations.js`: every station once, in alphabetical order.",
    after: [],
    steps: [
      ponder("A set of all stops gives each station once. "),
      ...playChanges("stations"),
      ponder("The coast line has five stations; an empty timetable has none. "),
      commit("List the stations of a timetable"),
      finish("Added listStations with its tests."),
    ],
  },
  {
    key: "arrive-by",
    title: "Find the trains that arrive in time",
    description:
      "Add `findTrainsArrivingBy(trains, from, to, by)` to `src/search.js`: the direct rides that arrive at `by` or earlier, the latest departure first.",
    after: [],
    steps: [
      ponder("rideOf already answers for one train; I only need another filter and order. "),
      ...playChanges("arrive-by"),
      ponder("The tests ask for noon, ten and nine. "),
      commit("Find the trains that arrive in time"),
      finish("Added findTrainsArrivingBy with its tests."),
    ],
  },
  {
    key: "one-change",
    title: "Find connections with one change",
    description:
      "Add `findConnections(trains, from, to, after)` in `src/connections.js`: direct rides, and pairs of rides with a change of at least five minutes, the earliest arrival first. Use `listStations` for the places to change.",
    after: ["stations", "arrive-by"],
    steps: [
      ponder("For each station between, a ride there and the first ride on from it. "),
      ...playChanges("one-change"),
      ponder("Aldermoor to Eastry needs a change in Brackwater: a good test. "),
      commit("Find connections with one change"),
      finish("Added findConnections with its tests."),
    ],
  },
];

const outputTasks: readonly DemoTask[] = [
  {
    key: "past-midnight",
    title: "Read and write times past midnight",
    description:
      "Night trains arrive the next day: a timetable writes 24:10 for ten past midnight. Read hours up to 47, and write such times as `00:10 +1`.",
    after: [],
    steps: [
      ponder("Minutes since midnight can simply go on counting past 1440. "),
      ...playChanges("past-midnight"),
      ponder("Both ways are tested, and the hour after which it is refused. "),
      commit("Read and write times past midnight"),
      finish("Times up to 47:59 are read, and written with +1."),
    ],
  },
  {
    key: "fares",
    title: "Tell what a ride costs",
    description:
      "Add `fareOf(ride)` in `src/fares.js`, in cents: 250 to start with, 8 for each minute, rounded up to the next 10.",
    after: [],
    steps: [
      ponder("A base fare, a price a minute, and rounding up to ten cents. "),
      ...playChanges("fares"),
      ponder("85 minutes come to 930 cents. "),
      commit("Tell what a ride costs"),
      finish("Added fareOf with a test."),
    ],
  },
  {
    key: "csv",
    title: "Write rides as CSV",
    description:
      "Add `formatCsv(rides)` in `src/csv.js`, with headings. A station like `Eastry, Harbour` has a comma in it: such values stand in quotes, and a quote inside is doubled.",
    after: ["past-midnight"],
    // The first attempt forgets the quotes: its own test fails when the checks run, and the worker mends it.
    steps: [
      ponder("Headings, then one row for each ride. "),
      ...playChanges("csv-first-attempt"),
      commit("Write rides as CSV"),
      finish("Added formatCsv with its tests."),
      ponder("The checks are right: I forgot the quotes. "),
      ...playChanges("csv", "csv-first-attempt"),
      commit("Quote values that need it"),
      finish("formatCsv quotes what needs quotes; its tests pass."),
    ],
  },
];

const closingTasks: readonly DemoTask[] = [
  {
    key: "cli",
    title: "Show connections and CSV on the command line",
    description:
      "Where no train runs direct, `timetable FILE FROM TO` shows connections with a change, one a line with its trains joined by ` + `. With `--csv` as the last argument it prints the direct trains as CSV.",
    after: ["one-change", "csv"],
    steps: [
      ponder("The command gets two new ways out; the board stays as it is. "),
      ...playChanges("cli"),
      ponder("Both are tested through the command itself. "),
      commit("Show connections and CSV on the command line"),
      finish("The command shows connections with a change, and CSV with --csv."),
    ],
  },
  {
    key: "release",
    title: "Export the new functions and write the changelog",
    description:
      "Make the new functions part of the package (`src/index.js`), note them in `CHANGELOG.md` and make it version 1.1.0.",
    after: ["via", "minutes", "fares", "cli"],
    steps: [
      ponder("Everything has landed; the index and the changelog follow. "),
      ...playChanges("release"),
      ponder("A test holds the index to what the changelog says. "),
      commit("Release 1.1.0"),
      finish("Version 1.1.0: the new functions are exported and in the changelog."),
    ],
  },
];

/** Each task after those it waits for. The two that conflict come first, so that they run at the same time. */
export const demoTasks: readonly DemoTask[] = [
  ...boardTasks,
  ...outputTasks.slice(0, 1),
  ...searchTasks,
  ...outputTasks.slice(1),
  ...closingTasks,
];

/** What the worker does whose branch comes back from the queue with a conflict. */
const resolveConflict: readonly ScriptStep[] = [
  ponder("The other board change has landed first. I merge the target and keep both. "),
  { bash: "git merge main" },
  ...mergeBoth,
  commit("Merge main: the board shows both"),
  finish("Merged the target; a line of the board now shows the way and the minutes."),
];

/**
 * How the scripted model answers messages that bring no script: work that comes back from the merge queue, and reminders.
 * A fresh conversation about returned work repeats the first message, and with it the script that was played already.
 */
export const demoRules: NonNullable<ScenarioSource["rules"]> = [
  {
    prompt: "Another session has already worked[\\s\\S]*[Cc]onflict",
    overMarker: true,
    steps: [...resolveConflict],
  },
  { prompt: "[Cc]onflict", steps: [...resolveConflict] },
  {
    prompt: "task_done",
    steps: [{ bash: "git merge main" }, finish("Brought the branch up to date.")],
  },
];
