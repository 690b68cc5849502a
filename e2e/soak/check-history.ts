import type { Event } from "../../shared/model/event.ts";
import type { Plan } from "../../shared/model/plan.ts";
import type { Project } from "../../shared/model/project.ts";
import { isLive, type Session } from "../../shared/model/session.ts";
import type { Task } from "../../shared/model/task.ts";
import type { HistoryLine } from "./history.ts";

export interface Finding {
  readonly kind:
    | "missing"
    | "double"
    | "gap"
    | "untested"
    | "pane"
    | "cap"
    | "two-writers"
    | "ladder"
    | "died"
    | "left-running";
  readonly text: string;
}

/** What is there when a run is over, read from the core, from git and from the machine. */
export interface Aftermath {
  /** All of them, from the first on. */
  readonly events: readonly Pick<Event, "seq" | "kind" | "subject" | "data">[];
  readonly tasks: readonly (Pick<Task, "id" | "title" | "priority" | "status"> & {
    readonly landed: { readonly commit: string } | null;
  })[];
  readonly plans: readonly Pick<Plan, "id" | "state">[];
  readonly projects: readonly Pick<Project, "name" | "queue">[];
  readonly sessions: readonly AftermathSession[];
  readonly isHalted: boolean;
  readonly caps: Readonly<Record<string, number>>;
  readonly targets: readonly {
    readonly project: string;
    /** First parents since the run began, the newest first. */
    readonly commits: readonly {
      readonly commit: string;
      readonly tree: string;
      /** The target's own log has it: others came with the last commit of their batch. */
      readonly hasStood: boolean;
      /** What its trailers say has landed with it. */
      readonly tasks: readonly string[];
    }[];
  }[];
  /** Trees on which the checks said yes, as the checks themselves noted. */
  readonly testedTrees: ReadonlySet<string>;
  readonly panes: readonly { readonly session: string; readonly trouble: string | null }[];
  readonly leftRunning: readonly string[];
}

export type AftermathSession = Pick<
  Session,
  | "id"
  | "kind"
  | "task"
  | "profile"
  | "providerSession"
  | "state"
  | "reason"
  | "recovery"
  | "name"
  | "pinned"
  | "labels"
  | "evidence"
>;

/** Everything that a recorded run and what it left behind say against the app. Empty when all was in order. */
export function checkHistory(
  history: readonly HistoryLine[],
  after: Aftermath,
): readonly Finding[] {
  return [
    ...findMissing(history, after),
    ...findGaps(after),
    ...findDoubles(after),
    ...findUntested(after),
    ...replaySessions(after),
    ...findSkippedRungs(after),
    ...after.panes.flatMap(({ session, trouble }): Finding[] =>
      trouble === null ? [] : [{ kind: "pane", text: `The pane of ${session}: ${trouble}` }],
    ),
    ...after.leftRunning.map(
      (text): Finding => ({ kind: "left-running", text: `Still running: ${text}` }),
    ),
  ];
}

/** A place that operations write, and what they write there. */
interface Write {
  readonly at: string;
  readonly value: unknown;
}

interface Acknowledged {
  readonly op: number;
  readonly value: unknown;
}

/**
 * What was acknowledged must be there: each place holds what its last acknowledged operation wrote, or what one without an
 * answer may have written after it.
 */
function findMissing(history: readonly HistoryLine[], after: Aftermath): readonly Finding[] {
  const asked = new Map<number, Extract<HistoryLine, { kind: "asked" }>>();
  const last = new Map<string, Acknowledged>();
  const possible = new Map<string, unknown[]>();
  for (const line of history) {
    if (line.kind === "asked") asked.set(line.op, line);
    if (line.kind !== "answered" && line.kind !== "unsure") continue;
    const question = asked.get(line.op);
    if (!question) continue;
    const output = line.kind === "answered" ? line.output : null;
    for (const { at, value } of writesOf(question.call, question.input, output)) {
      if (line.kind === "answered") {
        last.set(at, { op: line.op, value });
        possible.set(at, []);
      } else possible.set(at, [...(possible.get(at) ?? []), value]);
    }
  }
  return [...last].flatMap(([at, { op, value }]): Finding[] => {
    const found = readPlace(at, after);
    const allowed = [value, ...(possible.get(at) ?? [])];
    if (allowed.some((each) => JSON.stringify(each) === JSON.stringify(found))) return [];
    const text = `Operation ${op} was answered, and ${at} is ${JSON.stringify(found)} instead of ${JSON.stringify(value)}.`;
    return [{ kind: "missing", text }];
  });
}

/** Only what nothing but another operation changes again. */
function writesOf(call: string, input: unknown, output: unknown): readonly Write[] {
  // The driver's own calls, recorded with what the contract made of them.
  const asked = (input ?? {}) as Readonly<Record<string, unknown>>;
  const answer = (output ?? {}) as Readonly<Record<string, unknown>>;
  const id = answer.id;
  switch (call) {
    case "task.create":
      if (id === undefined) return [];
      return [
        { at: `task ${id} is there`, value: true },
        { at: `task ${id} title`, value: asked.title },
      ];
    case "task.edit":
      return [
        ...(asked.title === undefined
          ? []
          : [{ at: `task ${asked.task} title`, value: asked.title }]),
        ...(asked.priority === undefined
          ? []
          : [{ at: `task ${asked.task} priority`, value: asked.priority }]),
      ];
    case "task.cancel":
      return [{ at: `task ${asked.task} is cancelled`, value: true }];
    case "task.retry":
      return [{ at: `task ${asked.task} is cancelled`, value: false }];
    case "plan.create":
      return id === undefined ? [] : [{ at: `plan ${id} is there`, value: true }];
    case "plan.pause":
      return [{ at: `plan ${asked.plan} state`, value: "paused" }];
    case "plan.activate":
      return [{ at: `plan ${asked.plan} state`, value: "active" }];
    case "session.name":
      return [{ at: `session ${asked.session} name`, value: asked.name }];
    case "session.pin":
      return [{ at: `session ${asked.session} pinned`, value: asked.isPinned }];
    case "session.label":
      return [{ at: `session ${asked.session} labels`, value: asked.labels }];
    case "queue.pause":
      return [{ at: `queue ${asked.project} state`, value: "paused" }];
    case "queue.resume":
      return [{ at: `queue ${asked.project} state`, value: "running" }];
    case "fleet.halt":
      return [{ at: "fleet is halted", value: true }];
    case "fleet.resume":
      return [{ at: "fleet is halted", value: false }];
    default:
      return [];
  }
}

function readPlace(at: string, after: Aftermath): unknown {
  const [noun, id, ...rest] = at.split(" ");
  const what = rest.join(" ");
  switch (noun) {
    case "task": {
      const task = after.tasks.find((each) => each.id === id);
      if (what === "is there") return task !== undefined;
      if (what === "title") return task?.title;
      if (what === "priority") return task?.priority;
      return task?.status === "cancelled";
    }
    case "plan": {
      const plan = after.plans.find((each) => each.id === id);
      return what === "is there" ? plan !== undefined : plan?.state;
    }
    case "session": {
      const session = after.sessions.find((each) => each.id === id);
      if (what === "name") return session?.name;
      return what === "pinned" ? session?.pinned : session?.labels;
    }
    case "queue":
      return after.projects.find((each) => each.name === id)?.queue.state;
    default:
      return after.isHalted;
  }
}

function findGaps({ events }: Aftermath): readonly Finding[] {
  return events.flatMap((event, n): Finding[] => {
    if (event.seq === n + 1) return [];
    const text = `Event ${n + 1} of the history has the number ${event.seq}.`;
    return n > 0 && events[n - 1]?.seq === event.seq - 1 ? [] : [{ kind: "gap", text }];
  });
}

/** A task lands once, and only what landed is said to have. */
function findDoubles({ tasks, targets }: Aftermath): readonly Finding[] {
  const landings = new Map<string, string[]>();
  for (const { commits } of targets)
    for (const { commit, tasks: landed } of commits)
      for (const task of landed) landings.set(task, [...(landings.get(task) ?? []), commit]);

  const ofTasks = tasks.flatMap((task): Finding[] => {
    const commits = landings.get(task.id) ?? [];
    if (commits.length > 1)
      return [{ kind: "double", text: `${task.id} landed ${commits.length} times.` }];
    if (task.status === "landed" && commits[0] !== task.landed?.commit)
      return [
        { kind: "missing", text: `${task.id} is landed, and its commit is not on its target.` },
      ];
    if (task.status !== "landed" && commits.length > 0)
      return [{ kind: "missing", text: `${task.id} has landed and is said to be ${task.status}.` }];
    return [];
  });
  const known = new Set<string>(tasks.map((task) => task.id));
  const strange = [...landings.keys()].filter((task) => !known.has(task));
  return [
    ...ofTasks,
    ...strange.map(
      (task): Finding => ({ kind: "missing", text: `${task} landed, and nobody knows it.` }),
    ),
  ];
}

function findUntested({ targets, testedTrees }: Aftermath): readonly Finding[] {
  return targets.flatMap(({ project, commits }) =>
    commits.flatMap(({ commit, tree, hasStood }, at): Finding[] =>
      // Where it stands now it stood, whatever the log says.
      (!hasStood && at > 0) || testedTrees.has(tree)
        ? []
        : [
            {
              kind: "untested",
              text: `${project} stood at ${commit}, on whose tree no check said yes.`,
            },
          ],
    ),
  );
}

/** Plays the events again: at no event are there more live workers of a profile than its cap, or two of one conversation. */
function replaySessions({ events, sessions, caps }: Aftermath): readonly Finding[] {
  const findings: Finding[] = [];
  const rows = new Map<string, AftermathSession>(sessions.map((row) => [row.id, row]));
  const live = new Set<string>();
  for (const event of events) {
    const row = rows.get(event.subject);
    if (row?.kind !== "worker") continue;
    const to = event.kind === "session.state" ? event.data.to : null;
    const isBegun = event.kind === "session.claimed" || event.kind === "session.respawned";
    // A session's states are those of the model: the event is written with the row.
    const isUp = isBegun || (typeof to === "string" && isLive(to as Session["state"]));
    if (!isUp) {
      if (to !== null) live.delete(row.id);
      continue;
    }
    if (live.has(row.id)) continue;
    live.add(row.id);
    const ofProfile = [...live].filter((id) => rows.get(id)?.profile === row.profile);
    const cap = caps[row.profile] ?? Number.POSITIVE_INFINITY;
    if (ofProfile.length > cap)
      findings.push({
        kind: "cap",
        text: `At event ${event.seq} ${row.profile} had ${ofProfile.length} sessions; its cap is ${cap}.`,
      });
    const same = [...live].filter((id) => rows.get(id)?.providerSession === row.providerSession);
    if (same.length > 1)
      findings.push({
        kind: "two-writers",
        text: `At event ${event.seq} ${same.join(" and ")} lived on one conversation.`,
      });
  }
  return findings;
}

/**
 * A session that broke off is followed on the best rung that can be stood on: its conversation goes on when something had been
 * said in it and its profile has it, and whoever follows says which rung it is.
 */
function findSkippedRungs({ sessions }: Aftermath): readonly Finding[] {
  const findings: Finding[] = [];
  const byTask = Map.groupBy(
    sessions.filter((session) => session.kind === "worker" && session.task !== null),
    (session) => session.task,
  );
  for (const ofTask of byTask.values()) {
    for (const [n, next] of ofTask.entries()) {
      const before = ofTask[n - 1];
      if (before?.state !== "failed") continue;
      const isSame = next.providerSession === before.providerSession;
      const expected = isSame ? "resumed" : "re-dispatched";
      const skipped =
        !isSame && hasSpoken(before) && before.profile === next.profile && !isUnusable(before);
      if (skipped)
        findings.push({
          kind: "ladder",
          text: `${next.id} began anew, though the conversation of ${before.id} could go on (${before.reason}).`,
        });
      else if (next.recovery === null)
        findings.push({
          kind: "ladder",
          text: `${next.id} follows ${before.id}, which broke off, and does not say that it was ${expected}.`,
        });
    }
  }
  return findings;
}

function hasSpoken({ evidence }: AftermathSession): boolean {
  return evidence.some(
    ({ signal }) => signal.startsWith("hook:") && !/Session(Start|End)$/.test(signal),
  );
}

/** A resume that its program refused is followed by a fresh conversation. */
function isUnusable({ recovery, evidence }: AftermathSession): boolean {
  return recovery?.rung === "resumed" && !evidence.some(({ signal }) => /Prompt/.test(signal));
}
