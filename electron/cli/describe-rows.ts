import { describeSilence } from "../../shared/model/core-health.ts";
import { describeMoment } from "../../shared/model/describe-moment.ts";
import { countPulls } from "../../shared/model/describe-pull.ts";
import type { Event } from "../../shared/model/event.ts";
import type { Finding } from "../../shared/model/finding.ts";
import type { ToldClash } from "../../shared/model/forecast.ts";
import { describeParallelChecks } from "../../shared/model/parallel-checks.ts";
import {
  ASKS_NOTHING,
  asksNothing,
  type PermissionMode,
} from "../../shared/model/permission-mode.ts";
import type { Plan } from "../../shared/model/plan.ts";
import { effectiveCap, hasLearnedLess, type Profile } from "../../shared/model/profile.ts";
import { describeLanding, type Project } from "../../shared/model/project.ts";
import type { Session } from "../../shared/model/session.ts";
import type { Status } from "../../shared/model/status.ts";
import type { Task } from "../../shared/model/task.ts";
import { MOVES_WORDS, wordMovedFrom } from "../../shared/model/word-move.ts";
import { describeLocks } from "./describe-locks.ts";
import { describeChecks, describeQueue } from "./describe-queue.ts";
import { withReason } from "./describe-state.ts";
import { describeWindow } from "./describe-usage.ts";
import { type Cut, writeFields, writePlainly, writeTable } from "./write-table.ts";

export function describeTasks(tasks: readonly Task[], cut: Cut): string {
  const rows = tasks.map((task) => [
    task.id,
    cut(withReason(task.status, task.reason)),
    String(task.priority),
    task.session ?? "",
    task.profile ?? "",
    task.title,
  ]);
  return writeTable(["task", "state", "pr", "session", "profile", "title"], rows, "No tasks.");
}

export function describeTask(task: Task, clashes: readonly ToldClash[] = []): string {
  const fields = writeFields([
    ["task", `${task.id}  ${task.title}`],
    ["state", withReason(task.status, task.reason)],
    ["plan", task.plan],
    ["mode", task.permissionMode && describeMode(task.permissionMode)],
    ["priority", String(task.priority)],
    ["after", task.after.join(", ")],
    ["branch", task.branch],
    ["worktree", task.worktree],
    ["session", task.session && `${task.session} on ${task.profile ?? "?"}`],
    ["attempts", String(task.attempts)],
    ["commits", String(task.commits)],
    ["forecast", clashes.map(({ text }) => text).join(" ")],
    ["checks", describeChecks(task.checks)],
    ["landed", task.landed && `${task.landed.commit.slice(0, 10)} at ${task.landed.at}`],
    ["summary", task.summary],
  ]);
  return task.body === "" ? fields : `${fields}\n\n${task.body}`;
}

export function describePlans(plans: readonly Plan[]): string {
  const rows = plans.map((plan) => [plan.id, plan.state, plan.project, plan.title]);
  return writeTable(["plan", "state", "project", "title"], rows, "No plans.");
}

export function describeProjects(projects: readonly Project[], cut: Cut): string {
  const rows = projects.map((project) => [
    project.name,
    project.target,
    cut(describeQueue(project.queue)),
    project.path,
  ]);
  return writeTable(["project", "target", "queue", "path"], rows, "No projects.");
}

export function describeProject(project: Project): string {
  const checks = project.checks.map((check) => check.run).join("; ");
  const approver = project.approve === "auto" ? "the checks" : "you";
  const { parallel } = project.queue;
  return writeFields([
    ["project", project.name],
    ["path", project.path],
    ["target", project.target],
    ["checks", project.withoutChecks ? "none, by choice" : checks || "none yet"],
    ["lands", `${describeLanding(project)}, approved by ${approver}`],
    ["dispatch", `${project.strategy}, at most ${project.maxWorkers} workers`],
    ["queue", describeQueue(project.queue)],
    ["runs of checks", parallel ? describeParallelChecks(parallel) : null],
  ]);
}

export function describeProfiles(profiles: readonly Profile[], cut: Cut): string {
  const rows = profiles.map((profile) => [
    profile.name,
    profile.plan,
    cut(withReason(profile.state, profile.reason)),
    slotsCell(profile),
    describeWindow(profile.windows.fiveHour, "fiveHour", Date.now()),
    describeWindow(profile.windows.sevenDay, "sevenDay", Date.now()),
    profile.account?.email ?? "",
  ]);
  const head = ["profile", "plan", "state", "live", "5 h", "7 d", "account"];
  return writeTable(head, rows, "No profiles.");
}

export function describeProfile(profile: Profile): string {
  const { account } = profile;
  return writeFields([
    ["profile", profile.name],
    ["plan", profile.plan],
    ["state", withReason(profile.state, profile.reason)],
    ["rests until", profile.restsUntil && describeMoment(profile.restsUntil)],
    ["sessions", describeSlots(profile)],
    ["five hours", describeWindow(profile.windows.fiveHour, "fiveHour", Date.now())],
    ["seven days", describeWindow(profile.windows.sevenDay, "sevenDay", Date.now())],
    ["account", account && [account.email, account.method].filter(Boolean).join(", ")],
    ["folder", profile.dir ?? "the provider's own"],
    ["program", profile.executable],
    ["colour", profile.colour],
    ["browser", profile.browser],
    ["conversations", MOVES_WORDS[profile.moves]],
    ["variables", profile.envNames.join(", ")],
  ]);
}

function slotsCell(profile: Pick<Profile, "live" | "cap" | "learnedCap">): string {
  const slots = effectiveCap(profile);
  return `${profile.live}/${slots}${hasLearnedLess(profile) ? " learned" : ""}`;
}

/** Which cap it is: the one that was set, or what the provider's refusals taught. */
function describeSlots(profile: Profile): string {
  const slots = effectiveCap(profile);
  const cap = hasLearnedLess(profile)
    ? ` (learned: the provider refused more; the cap is ${profile.cap})`
    : "";
  return `${profile.live} of ${slots}${cap}`;
}

export function describeSessions(sessions: readonly Session[], cut: Cut): string {
  const rows = sessions.map((session) => [
    session.id,
    cut(withReason(session.state, session.reason)),
    session.task ?? "",
    session.profile,
    describeContext(session),
    session.costUsd === null ? "" : `$${session.costUsd.toFixed(2)}`,
    asksNothing(session.permissionMode) ? ASKS_NOTHING : "",
    session.name,
  ]);
  const head = ["session", "state", "task", "profile", "context", "cost", "mode", "name"];
  return writeTable(head, rows, "No sessions.");
}

export function describeSession(session: Session): string {
  const { exit } = session;
  const newest = session.evidence.at(-1);
  return writeFields([
    ["session", `${session.id}  ${session.name}`],
    ["state", `${withReason(session.state, session.reason)}, since ${session.since}`],
    ["recovered", session.recovery && withReason(session.recovery.rung, session.recovery.reason)],
    ["rests on", newest ? `${newest.signal} at ${newest.at}` : null],
    ["task", session.task],
    ["mode", session.permissionMode && describeMode(session.permissionMode)],
    ["labels", session.labels.join(", ")],
    ["profile", `${session.profile} (${session.placement.reason})`],
    ["conversation", session.providerSession],
    ["it came", wordMovedFrom(session)],
    ["context", describeContext(session)],
    ["cost", session.costUsd === null ? null : `$${session.costUsd.toFixed(2)}`],
    ["process", session.pid === null ? null : String(session.pid)],
    ["ended", exit && `with ${exit.signal ?? `exit code ${exit.code}`}`],
    ["sign in at", session.link],
    ["or, for a code, at", session.codeLink],
  ]);
}

export function describeEvents(events: readonly Event[]): string {
  const rows = events.map((event) => [
    String(event.seq),
    event.at,
    event.kind,
    event.subject,
    event.cause,
    JSON.stringify(event.data),
  ]);
  return writeTable(["seq", "at", "kind", "subject", "cause", "data"], rows, "No events.");
}

export function describeFindings(findings: readonly Finding[]): string {
  const rows = findings.map((finding) => [finding.result, finding.name, finding.detail]);
  const fixes = findings.flatMap((finding) =>
    finding.fix === null ? [] : [`${finding.name}: ${finding.fix}`],
  );
  const table = writeTable(["result", "what", "detail"], rows, "Nothing was looked at.");
  return fixes.length === 0 ? table : `${table}\n\nWhat to do:\n${fixes.join("\n")}`;
}

function describeLength(queue: Status["projects"][number]["queue"], cut: Cut): string {
  const pulls = countPulls(queue.proposed ?? 0);
  return `${queue.length} ${cut(describeQueue(queue))}${pulls === null ? "" : `; ${pulls}`}`;
}

export function describeStatus(status: Status, cut: Cut): string {
  const { core } = status;
  const profiles = status.profiles.map((profile) => [
    profile.name,
    profile.plan,
    profile.state,
    slotsCell(profile),
    describeWindow(profile.windows.fiveHour, "fiveHour", Date.now()),
    describeWindow(profile.windows.sevenDay, "sevenDay", Date.now()),
  ]);
  const projects = status.projects.map((project) => [
    project.name,
    project.target,
    describeCounts(project.tasks),
    describeLength(project.queue, cut),
  ]);
  return [
    core
      ? `Running: process ${core.pid}, version ${core.version}, up ${core.uptimeS} s.`
      : "Not running.",
    ...describeHealth(status.health),
    writeTable(["project", "target", "tasks", "queue"], projects, "No projects."),
    writeTable(["profile", "plan", "state", "live", "5 h", "7 d"], profiles, "No profiles."),
    `Sessions: ${describeCounts(status.sessions) || "none"}.`,
    ...(status.locks.length > 0 ? [describeLocks(status.locks, cut)] : []),
    ...describeHalt(status.fleet),
    ...describeSettings(status.settingsProblems),
  ].join("\n\n");
}

/** What is wrong with settings files, and what holds until they are corrected; nothing when all are right. */
export function describeSettings(problems: readonly string[]): readonly string[] {
  if (problems.length === 0) return [];
  const rest = "Until that is corrected the last good settings (after a start: the defaults) hold.";
  return [["Wrong settings:", ...problems.map(writePlainly), rest].join("\n")];
}

function describeHealth({ isRecovering, hostSilence }: Status["health"]): readonly string[] {
  const silence = hostSilence && describeSilence(hostSilence);
  return [
    ...(isRecovering ? ["Checking what still runs; until then this is what was last known."] : []),
    ...(silence ? [`${silence.text}\n${silence.wayOut}`] : []),
  ];
}

function describeHalt({ isHalted, reason }: Status["fleet"]): readonly string[] {
  if (!isHalted) return [];
  const why = reason === null ? "" : ` (${reason})`;
  return [`Everything was stopped${why}; let it go on with: switchyard resume`];
}

function describeMode(mode: PermissionMode): string {
  return asksNothing(mode) ? `${mode} (${ASKS_NOTHING})` : mode;
}

function describeContext({ context }: Session): string {
  return context === null ? "" : `${Math.round((context.tokens / context.window) * 100)} %`;
}

function describeCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([state, count]) => `${count} ${state}`)
    .join(", ");
}
