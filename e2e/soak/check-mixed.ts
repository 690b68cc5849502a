import type { QueueEntry } from "../../shared/model/queue-entry.ts";
import type { Task } from "../../shared/model/task.ts";
import type { MixedRace, MixedTask } from "./mixed-plan.ts";

/** A run over the mixed plan that is over. */
export interface MixedRun {
  /** In the order of the plan; after them those that the app made by itself, which have to land. */
  readonly tasks: readonly (Pick<MixedTask, "key" | "race"> & Pick<Task, "id" | "status">)[];
  readonly entries: readonly Pick<QueueEntry, "id" | "task" | "state" | "reason" | "files">[];
}

/** What did not end as the plan wants it, in sentences: all that can land has landed, the rest came back for the right reason. Pure. */
export function checkMixed(run: MixedRun): readonly string[] {
  const alone = run.tasks.filter(({ race }) => race === null);
  const races = Map.groupBy(
    run.tasks.flatMap(({ race, ...task }) => (race ? [{ race, task }] : [])),
    ({ race }) => race.name,
  );
  return [
    ...alone.flatMap((task) => [...wantLanded(task), ...wantNoReturn(run, task)]),
    ...[...races.values()].flatMap((both) => {
      const [first] = both;
      return first
        ? judgeRace(
            run,
            first.race,
            both.map(({ task }) => task),
          )
        : [];
    }),
  ];
}

type Ended = Omit<MixedRun["tasks"][number], "race">;

function judgeRace(run: MixedRun, race: MixedRace, both: readonly Ended[]): readonly string[] {
  const second = both.filter((task) => returnsOf(run, task).length > 0);
  const [late] = second;
  if (!late || second.length !== 1) {
    return [`${race.name}: ${second.length} of ${both.length} came back, instead of one.`];
  }
  const first = both.filter((task) => task !== late);
  return [
    ...first.flatMap(wantLanded),
    ...returnsOf(run, late).flatMap((entry) => judgeReturn(run, entry, race, first)),
    ...(race.end === "both-land" ? wantLanded(late) : wantStuck(late)),
  ];
}

function judgeReturn(
  run: MixedRun,
  { id, reason, files }: MixedRun["entries"][number],
  race: MixedRace,
  first: readonly Ended[],
): readonly string[] {
  const said = `${id} of ${race.name} came back because it ${reason} (${files.join(", ")})`;
  if (!race.reason.test(reason ?? "")) return [`${said}: that is not why.`];
  if (files.join() !== race.files.join()) return [`${said}: these are not the files.`];
  // Of many that landed meanwhile none is named.
  const named: readonly string[] = reason?.match(/q-\d+/g) ?? [];
  const others = run.entries.filter(({ task }) => first.some((each) => each.id === task));
  if (named.length > 0 && !others.some(({ id: other }) => named.includes(other))) {
    return [`${said}: that is not the one it fails with.`];
  }
  return [];
}

function returnsOf(run: MixedRun, { id }: Ended): MixedRun["entries"] {
  return run.entries.filter(({ task, state }) => task === id && state === "returned");
}

function wantLanded({ id, key, status }: Ended): readonly string[] {
  return status === "landed" ? [] : [`${id} (${key}) is ${status}; it can land.`];
}

function wantStuck({ id, key, status }: Ended): readonly string[] {
  return status === "needs-input" ? [] : [`${id} (${key}) is ${status}; it waits for a person.`];
}

function wantNoReturn(run: MixedRun, task: Ended): readonly string[] {
  return returnsOf(run, task).map(
    ({ id, reason }) => `${id} (${task.key}) came back: ${reason}. Nothing is wrong with it.`,
  );
}
