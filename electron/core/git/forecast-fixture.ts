import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { forecastConflicts } from "./forecast-conflicts.ts";
import { ForecastMemory } from "./forecast-memory.ts";
import type { TestRepository } from "./test-repository.ts";

/** For tests only: what is forecast of these branches, by their names; only what is not clean. */
export async function forecast(
  place: TestRepository,
  branches: readonly string[],
  how: { memory?: ForecastMemory; signal?: AbortSignal } = {},
) {
  const names = new Map<string, string>();
  for (const branch of branches)
    names.set(/^[0-9a-f]{40}$/.test(branch) ? branch : await place.oid(branch), branch);
  const found = await forecastConflicts({
    repo: place.repo,
    target: await place.oid("main"),
    heads: [...names.keys()],
    scratch: join(place.folder, "quarantine"),
    memory: how.memory ?? new ForecastMemory(),
    ...(how.signal ? { signal: how.signal } : {}),
  });
  if (found.kind === "limited") return { clashes: { limited: [] as readonly string[] }, merges: 0 };
  const clashes: Record<string, readonly string[]> = {};
  const tell = (outcome: { kind: string; files?: readonly string[] }) => outcome.files ?? ["?"];
  for (const [head, outcome] of found.withTarget)
    if (outcome.kind !== "clean") clashes[`${names.get(head)} main`] = tell(outcome);
  for (const { one, other, outcome } of found.pairs)
    clashes[`${names.get(one)} ${names.get(other)}`] = tell(outcome);
  return { clashes, merges: found.merges };
}

/** For tests only: what a forecast has left of its quarantine. */
export function quarantined({ folder }: TestRepository): readonly string[] {
  const scratch = join(folder, "quarantine");
  return existsSync(scratch) ? readdirSync(scratch) : [];
}
