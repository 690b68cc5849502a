import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Files } from "../../../electron/core/git/test-repository.ts";
import { check } from "../../../electron/core/merge-queue/queue-fixture.ts";
import { EntryId } from "../../../shared/model/ids.ts";
import type { LandPolicy } from "../../../shared/model/project.ts";
import { APP, git, type QueueWorld, until } from "./queue-world.ts";

/** Work that is in the queue when a core begins, and what has to have come of it however often the core was killed. */
export interface Scenario {
  readonly name: string;
  /** What each branch changes, in the order of the queue. */
  readonly work: readonly Files[];
  /** Run in each candidate; `FOLDER` stands for the folder around the repository. */
  readonly check: string;
  readonly checkedOut: "main" | "elsewhere";
  /** What the person has changed in the checkout before it begins. */
  readonly dirty: Files;
  /** Done once the queue rests, by a person who does it again where a kill came between. */
  act?(world: QueueWorld): Promise<void>;
  /** What they changed besides, and will take back. */
  readonly inTheWay?: Files;
  readonly land?: LandPolicy;
  /** What becomes of each entry. */
  readonly states: Readonly<Record<string, string>>;
  /** Whether the target stands where it began. */
  readonly isBack?: boolean;
  readonly pushes?: boolean;
}

export const FIRST_FILES: Files = { "a.txt": "a\n", "b.txt": "b\n", "gone.txt": "g\n" };

const THREE: readonly Files[] = [
  { "a.txt": "a\nmore\n", "new.txt": "new\n" },
  { "gone.txt": null },
  { "third.txt": "third\n" },
];
const ONE = THREE.slice(0, 1);
const UNRELATED: Files = { "b.txt": "mine\n", "loose.txt": "loose\n" };
const GREEN = "test -e a.txt";
const USUAL = { check: GREEN, checkedOut: "elsewhere", dirty: UNRELATED } as const;
const LANDED = { states: { "q-1": "landed" } } as const;
const ALL_LANDED = { states: { "q-1": "landed", "q-2": "landed", "q-3": "landed" } } as const;

export const scenarios: readonly Scenario[] = [
  { ...USUAL, ...LANDED, name: "a landing", work: ONE },
  { ...USUAL, ...ALL_LANDED, name: "a batch of three", work: THREE },
  {
    ...USUAL,
    name: "a search for the one that fails",
    work: THREE,
    check: "test -e gone.txt",
    states: { "q-1": "landed", "q-2": "returned", "q-3": "landed" },
  },
  { ...USUAL, ...ALL_LANDED, name: "a checked-out target", work: THREE, checkedOut: "main" },
  {
    ...USUAL,
    ...LANDED,
    name: "a landing that is held",
    work: ONE,
    checkedOut: "main",
    inTheWay: { "a.txt": "in the way\n" },
    act: clearTheWay,
  },
  {
    ...USUAL,
    name: "an undo",
    work: ONE,
    checkedOut: "main",
    act: undo,
    states: { "q-1": "removed" },
    isBack: true,
  },
  {
    ...USUAL,
    name: "a revert",
    work: ONE,
    act: revert,
    states: { "q-1": "landed", "q-2": "landed" },
  },
  { ...USUAL, ...LANDED, name: "a push", work: ONE, pushes: true, act: untilPushed },
];

/** What a core does with a queue that was made up. */
export const MADE_UP = "made up";

export function findScenario(name: string): Scenario {
  const found = scenarios.find((each) => each.name === name);
  if (!found) throw new Error(`there is no scenario ${name}`);
  return found;
}

/** Each run of it is noted, so that those that were lost can be counted. */
export function checksOf(scenario: Scenario, folder: string) {
  return [check(`echo run >> '${path.join(folder, "runs")}'; ${scenario.check}`)];
}

/** Brings a scenario to its end from wherever an earlier core left it. */
export async function drive(
  scenario: Pick<Scenario, "act" | "pushes">,
  world: QueueWorld,
  onSettled: () => void = () => undefined,
): Promise<void> {
  await world.queue.settle(new AbortController().signal);
  onSettled();
  await untilRest(world);
  await scenario.act?.(world);
}

/** Until nothing in the queue goes on by itself. */
export async function untilRest(world: QueueWorld): Promise<void> {
  for (const { id } of world.store.entries.list()) {
    await until(world, id, (entry) => RESTS.test(entry.state));
  }
}

const RESTS = /^(landed|returned|removed|held)$/;
const FIRST = EntryId.parse("q-1");

async function clearTheWay(world: QueueWorld): Promise<void> {
  // The person takes their change away, and says so before the queue looks by itself.
  if (world.store.entries.find(FIRST)?.state !== "landed") {
    writeFileSync(path.join(world.root, "a.txt"), "a\n");
  }
  if (world.store.entries.find(FIRST)?.state === "held") world.queue.retry(FIRST);
  await until(world, FIRST, ({ state }) => state === "landed");
}

async function undo({ store, queue }: QueueWorld): Promise<void> {
  if (store.entries.find(FIRST)?.state === "landed") await queue.undos.undo(APP, false);
}

async function revert(world: QueueWorld): Promise<void> {
  const second = EntryId.parse("q-2");
  if (!world.store.entries.find(second)) await world.queue.reverts.revert(FIRST, false);
  await until(world, second, ({ state }) => state === "landed");
}

async function untilPushed({ root, store }: QueueWorld): Promise<void> {
  const tip = await git(root, "rev-parse", "refs/heads/main");
  await new Promise<void>((resolve) => {
    const look = () => {
      if (store.projects.find(APP)?.queue.push?.pushed?.commit !== tip) return;
      stop();
      resolve();
    };
    const stop = store.onCommit(look);
    look();
  });
}
