import type { Project } from "./project.ts";

/** Why a queue is paused that a person paused. */
export const PAUSED_BY_PERSON = "paused by you";

const NO_CHECKS = "no checks are configured";

/** Why the queue of a project pauses itself for which nobody has said what must pass, with the ways out. */
export function noChecksReason(project: string): string {
  return `${NO_CHECKS}; set one with: switchyard project set ${project} --check "npm test", or land without any: switchyard project set ${project} --no-checks`;
}

/** It stands still by itself: something is wrong that a person has to mend. */
export function hasPausedItself({ queue }: Pick<Project, "queue">): boolean {
  return queue.state === "paused" && queue.reason !== null && queue.reason !== PAUSED_BY_PERSON;
}

/** It stands still for want of checks only, and now it is said what must pass, or that nothing must. */
export function mayGoOn(project: Pick<Project, "queue" | "checks" | "withoutChecks">): boolean {
  const isForChecks = hasPausedItself(project) && project.queue.reason?.startsWith(NO_CHECKS);
  return isForChecks === true && (project.checks.length > 0 || project.withoutChecks);
}
