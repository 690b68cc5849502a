import type { Rows } from "../../shared/contract/rows.ts";
import { Forecast } from "../../shared/model/forecast.ts";

const FILES = ["src/reports/export.ts", "src/reports/zone.ts", "src/invoices/list.tsx"];

/** A forecast of the invented tasks: few of the pairs conflict, one is not known. Null on a first run. */
export function inventForecast({ projects, tasks, entries }: Rows, state: string): Forecast | null {
  const [project] = projects;
  if (!project) return null;
  const count = state === "many-branches" ? 25 : state === "no-branches" ? 0 : 9;
  const worked = tasks.filter(({ status }) =>
    ["running", "needs-input", "parked", "queued", "ready"].includes(status),
  );
  const queued = worked.toSorted(
    (a, b) => Number(b.status === "queued") - Number(a.status === "queued"),
  );
  const ids = queued.slice(0, count).map(({ id }) => id);
  for (let n = 300; state === "many-branches" && ids.length < count; n++)
    ids.push(`t-${n}` as never);
  const clash = (
    one: number,
    other: number | null,
    files: number,
    problem: string | null = null,
  ) => ({
    one: ids[one],
    other: other === null ? null : ids[other],
    problem,
    files: FILES.slice(0, files),
    count: files,
  });
  const clashes = [
    clash(1, null, 1),
    clash(1, 2, 2),
    clash(4, 7, 1),
    clash(3, 5, 0, "the object file of its commit is damaged"),
    ...(state === "many-branches" ? [clash(6, 20, 3), clash(9, 13, 1), clash(11, 24, 2)] : []),
  ];
  return Forecast.parse({
    project: project.name,
    target: project.target,
    scope: "full",
    reason: null,
    at: new Date().toISOString(),
    branches: ids.map((task) => ({
      task,
      entry: entries.find((entry) => entry.task === task && entry.position > 0)?.id ?? null,
      branch: `switchyard/${task}-work`,
      head: "9c41".repeat(10),
    })),
    // With few branches some of those above are not there.
    clashes: clashes.filter(({ one, other }) => one !== undefined && other !== undefined),
  });
}
