import { z } from "zod";
import { EntryId, Instant, Oid, ProjectName, TaskId } from "./ids.ts";

/** Two branches, or a branch and the target, that git does not merge by itself as they stand now. */
export const Clash = z.object({
  one: TaskId,
  /** Null: the target. */
  other: TaskId.nullable(),
  /** Why git could not tell; null when it can and they conflict. */
  problem: z.string().nullable(),
  /** The first of the files in conflict. */
  files: z.array(z.string()),
  /** How many there are. */
  count: z.number().int().nonnegative(),
});
export type Clash = z.infer<typeof Clash>;

/** What would conflict in a project if everything that is worked on and queued were to land as it is committed now. */
export const Forecast = z.object({
  project: ProjectName,
  target: z.string(),
  /** `limited`: some of it could not be looked at; `none`: none of it could. */
  scope: z.enum(["full", "limited", "none"]),
  /** Why it is not full. */
  reason: z.string().nullable(),
  /** Null before the first look. */
  at: Instant.nullable(),
  /** What is queued in the order of landing, then what is worked on by age. */
  branches: z.array(
    z.object({ task: TaskId, entry: EntryId.nullable(), branch: z.string(), head: Oid }),
  ),
  clashes: z.array(Clash),
});
export type Forecast = z.infer<typeof Forecast>;
export type ForecastBranch = Forecast["branches"][number];

/** A clash as one of its tasks sees it. */
export const TaskClash = Clash.omit({ one: true, other: true }).extend({
  /** Null: the target. */
  with: TaskId.nullable(),
});
export type TaskClash = z.infer<typeof TaskClash>;

/** … and in a sentence. */
export const ToldClash = TaskClash.extend({ text: z.string() });
export type ToldClash = z.infer<typeof ToldClash>;

/** What a task's branch clashes with: the target first, then others in the forecast's order. */
export function clashesOf(forecast: Pick<Forecast, "clashes">, task: TaskId): readonly TaskClash[] {
  return forecast.clashes
    .flatMap(({ one, other, ...what }): readonly TaskClash[] => {
      if (one === task) return [{ with: other, ...what }];
      return other === task ? [{ with: one, ...what }] : [];
    })
    .toSorted((a, b) => Number(b.with === null) - Number(a.with === null));
}

export function tellClashes(forecast: Forecast | undefined, task: TaskId): readonly ToldClash[] {
  if (!forecast) return [];
  return clashesOf(forecast, task).map((clash) => ({
    ...clash,
    text: `${describeClash(clash, forecast.target)}.`,
  }));
}

/** E.g. `Will conflict with t-12 in 2 files: a.ts, b.ts`. */
export function describeClash(
  { with: other, problem, files, count }: TaskClash,
  target: string,
): string {
  const name = other ?? target;
  if (problem !== null) return `Whether it will conflict with ${name} is not known: ${problem}`;
  const more = count > files.length ? ` and ${count - files.length} more` : "";
  return `Will conflict with ${name} in ${count} ${count === 1 ? "file" : "files"}: ${files.join(", ")}${more}`;
}
