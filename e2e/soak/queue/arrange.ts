import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import {
  createTestRepository,
  type Files,
  putFiles,
  type TestRepository,
} from "../../../electron/core/git/test-repository.ts";
import { fillQueue, openQueue } from "../../../electron/core/merge-queue/queue-fixture.ts";
import { type PersonSnapshot, snapshotPerson } from "../../audit/snapshot-person.ts";
import { checksOf, FIRST_FILES, type Scenario } from "./queue-scenarios.ts";

/** A scenario as it stands before any core, kept beside, so that each run begins with a copy. */
export interface Arranged extends AsyncDisposable {
  readonly scenario: Scenario;
  readonly place: TestRepository;
  /** Where the target stood. */
  readonly before: string;
  /** Where the workers' branches stand, by their names. */
  readonly branches: ReadonlyMap<string, string>;
  readonly person: PersonSnapshot;
  restore(): void;
}

/** `others`: what the repository holds besides. */
export async function arrange(scenario: Scenario, others: Files = {}): Promise<Arranged> {
  const place = await createTestRepository({ ...others, ...FIRST_FILES });
  const { folder, repo } = place;
  const kept = `${folder}-kept`;
  const branches = new Map<string, string>();
  for (const [at, files] of scenario.work.entries()) {
    const name = `switchyard/t-${at + 1}`;
    branches.set(name, await place.commitOn(name, files));
  }
  if (scenario.pushes) {
    const remote = path.join(folder, "remote.git");
    await place.git("init", "-q", "--bare", "-b", "main", remote);
    await place.git("remote", "add", "origin", remote);
  }
  const { store } = openQueue(path.join(folder, "home"));
  const { land = "merge" } = scenario;
  const heads = [...branches.values()];
  fillQueue(store, repo.root, heads, { checks: checksOf(scenario, folder), land });
  store.close();
  await place.git("branch", "elsewhere");
  if (scenario.checkedOut === "elsewhere") await place.git("checkout", "-q", "elsewhere");
  putFiles(repo.root, scenario.dirty);
  const person = snapshotPerson(repo.root);
  putFiles(repo.root, scenario.inTheWay ?? {});
  cpSync(folder, kept, { recursive: true, preserveTimestamps: true });
  return {
    scenario,
    place,
    branches,
    person,
    before: await place.oid("main"),
    restore() {
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      cpSync(kept, folder, { recursive: true, preserveTimestamps: true });
    },
    async [Symbol.asyncDispose]() {
      rmSync(kept, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
      await place[Symbol.asyncDispose]();
    },
  };
}

/** Of checks, since it was arranged: those that ended, and those that were cut off. */
export function countRuns({ place }: Arranged): number {
  const file = path.join(place.folder, "runs");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0;
}
