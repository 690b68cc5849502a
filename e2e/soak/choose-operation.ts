import type { AppContract } from "../../shared/contract/app-contract.ts";
import type { Input } from "../../shared/contract/rpc.ts";
import type { Plan } from "../../shared/model/plan.ts";
import { isOpen, type QueueEntry } from "../../shared/model/queue-entry.ts";
import { isLive, type Session } from "../../shared/model/session.ts";
import { isOver, type Task } from "../../shared/model/task.ts";
import type { AppCall } from "./history.ts";
import type { Random } from "./random.ts";
import { COUNTERS, PROJECT, WORKERS, writeSoakWork } from "./soak-world.ts";

type CallOf<N extends AppCall> = N extends AppCall
  ? { readonly name: N; readonly input: Input<AppContract, N> }
  : never;
export type Operation = CallOf<AppCall>;

export interface Seen {
  readonly tasks: readonly Task[];
  readonly sessions: readonly Session[];
  readonly plans: readonly Plan[];
  readonly entries: readonly QueueEntry[];
  readonly isHalted: boolean;
}

/** More than these at once only wait. */
const OPEN_TASKS_MAX = 10;
const PLANS_MAX = 4;
const WORDS = ["amber", "birch", "cedar", "dune", "elm", "fern"] as const;

interface Choice {
  /** Against the weights of the others. */
  readonly weight: number;
  choose(seen: Seen, random: Random): Operation | null;
}

/** What a person might do next. Null when what was picked makes no sense now: then nothing is done. */
export function chooseOperation(seen: Seen, random: Random): Operation | null {
  const whole = choices.reduce((sum, { weight }) => sum + weight, 0);
  let at = random.next() * whole;
  for (const choice of choices) {
    at -= choice.weight;
    if (at < 0) return choice.choose(seen, random);
  }
  return null;
}

const choices: readonly Choice[] = [
  { weight: 30, choose: createTask },
  { weight: 5, choose: editTask },
  {
    weight: 3,
    choose: ({ tasks }, random) =>
      on(random.pick(tasks.filter(({ status }) => !isOver(status))), (task) => ({
        name: "task.cancel",
        input: { task: task.id },
      })),
  },
  {
    weight: 8,
    choose: ({ tasks }, random) =>
      on(random.pick(tasks.filter(isRetriable)), (task) => ({
        name: "task.retry",
        input: { task: task.id },
      })),
  },
  {
    weight: 2,
    choose: ({ plans }, random) =>
      plans.length >= PLANS_MAX
        ? null
        : {
            name: "plan.create",
            input: { project: PROJECT, title: word(random), isDraft: random.next() < 0.5 },
          },
  },
  {
    weight: 2,
    choose: ({ plans }, random) =>
      on(random.pick(plans), ({ id }) => ({ name: "plan.pause", input: { plan: id } })),
  },
  {
    weight: 5,
    choose: ({ plans }, random) =>
      on(random.pick(plans), ({ id }) => ({ name: "plan.activate", input: { plan: id } })),
  },
  {
    weight: 4,
    choose: ({ sessions }, random) =>
      on(random.pick(sessions.filter(isWorking)), ({ id }) => ({
        name: "session.send",
        input: { session: id, text: "A word from the person: well done." },
      })),
  },
  {
    weight: 3,
    choose: ({ sessions }, random) =>
      on(random.pick(sessions.filter(isWorking)), ({ id }) => ({
        name: "session.interrupt",
        input: { session: id },
      })),
  },
  {
    weight: 3,
    choose: ({ sessions }, random) =>
      on(random.pick(sessions.filter(({ state }) => isLive(state))), ({ id }) => ({
        name: "session.stop",
        input: { session: id },
      })),
  },
  {
    weight: 3,
    choose: ({ sessions }, random) =>
      on(random.pick(sessions.filter(({ state }) => !isLive(state)).slice(-6)), ({ id }) => ({
        name: "session.respawn",
        input: { session: id },
      })),
  },
  {
    weight: 3,
    choose: ({ sessions }, random) =>
      on(random.pick(sessions), ({ id }) => ({
        name: "session.name",
        input: { session: id, name: word(random) },
      })),
  },
  {
    weight: 2,
    choose: ({ sessions }, random) =>
      on(random.pick(sessions), ({ id }) => ({
        name: "session.pin",
        input: { session: id, isPinned: random.next() < 0.3 },
      })),
  },
  {
    weight: 2,
    choose: ({ sessions }, random) =>
      on(random.pick(sessions), ({ id }) => ({
        name: "session.label",
        input: { session: id, labels: [word(random)] },
      })),
  },
  { weight: 1, choose: ({ isHalted }) => (isHalted ? null : { name: "fleet.halt", input: {} }) },
  { weight: 9, choose: ({ isHalted }) => (isHalted ? { name: "fleet.resume", input: {} } : null) },
  { weight: 1, choose: () => ({ name: "queue.pause", input: { project: PROJECT } }) },
  { weight: 6, choose: () => ({ name: "queue.resume", input: { project: PROJECT } }) },
  ...(["queue.hold", "queue.remove"] as const).map(
    (name): Choice => ({
      weight: 1,
      choose: ({ entries }, random) =>
        on(random.pick(entries.filter(({ state }) => isOpen(state))), ({ id }) => ({
          name,
          input: { entry: id },
        })),
    }),
  ),
  ...(["queue.release", "queue.retry"] as const).map(
    (name): Choice => ({
      weight: 6,
      choose: ({ entries }, random) =>
        on(random.pick(entries.filter(({ state }) => state === "held")), ({ id }) => ({
          name,
          input: { entry: id },
        })),
    }),
  ),
  {
    weight: 2,
    choose: ({ entries }, random) =>
      on(random.pick(entries.filter(({ state }) => isOpen(state))), ({ id }) => ({
        name: "queue.move",
        input: { entry: id, position: 1 },
      })),
  },
  {
    weight: 4,
    choose: ({ sessions }, random) =>
      on(
        random.pick(sessions.filter(({ pid, state }) => pid !== null && isLive(state))),
        ({ id }) => ({
          name: "terminal.resize",
          input: { session: id, cols: random.between(40, 200), rows: random.between(10, 60) },
        }),
      ),
  },
];

function createTask({ tasks, plans }: Seen, random: Random): Operation | null {
  if (tasks.filter(({ status }) => !isOver(status)).length >= OPEN_TASKS_MAX) return null;
  const n = tasks.length + 1;
  const plan = random.next() < 0.3 ? random.pick(plans) : undefined;
  const common = {
    project: PROJECT,
    title: `Work ${n} ${word(random)}`,
    ...(plan && plan.state !== "cancelled" ? { plan: plan.id } : {}),
  };
  if (random.next() < 0.25)
    return { name: "task.create", input: { ...common, pinnedProfile: COUNTERS } };
  const before = random.next() < 0.2 ? random.pick(tasks) : undefined;
  return {
    name: "task.create",
    input: {
      ...common,
      pinnedProfile: random.next() < 0.5 ? WORKERS[0] : WORKERS[1],
      body: writeSoakWork(n, random.between(0, 4)),
      ...(before && before.status !== "cancelled" ? { after: [before.id] } : {}),
    },
  };
}

function editTask({ tasks }: Seen, random: Random): Operation | null {
  return on(
    random.pick(tasks.filter(({ status }) => status === "ready" || status === "waiting")),
    ({ id }) => ({
      name: "task.edit",
      input: { task: id, title: `Edited ${word(random)}`, priority: random.between(1, 5) },
    }),
  );
}

function on<T>(what: T | undefined, choose: (what: T) => Operation): Operation | null {
  return what === undefined ? null : choose(what);
}

function isRetriable({ status }: Task): boolean {
  return status === "failed" || status === "needs-input" || status === "cancelled";
}

/** Counting workers take no messages. */
function isWorking({ state, profile, pid }: Session): boolean {
  return (state === "working" || state === "idle") && pid !== null && profile !== COUNTERS;
}

function word(random: Random): string {
  return `${random.pick(WORDS)}-${random.between(1, 99)}`;
}
