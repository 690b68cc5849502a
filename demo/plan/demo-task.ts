import { writeMarker } from "../scripted-model/read-marker.ts";
import type { ScriptStep } from "../scripted-model/step.ts";

/** A task of the demo: what a person would write, and the script by which the scripted model does it. */
export interface DemoTask {
  readonly key: string;
  readonly title: string;
  readonly description: string;
  /** Keys of the tasks that must have landed first. */
  readonly after: readonly string[];
  readonly steps: readonly ScriptStep[];
}

/** The text that a task is created with: for people first, then for the scripted model. */
export function writeBody(task: DemoTask): string {
  return `${task.description}\n\n${writeMarker(task.steps)}\n`;
}

const PONDER_S = 0.9;

/** A thought that takes a moment on the screen. */
export function ponder(text: string): ScriptStep {
  return { slow: PONDER_S, text };
}

/** Commits everything in the worktree. The message has no double quotes in it. */
export function commit(message: string): ScriptStep {
  return { bash: `git add --all && git commit --quiet -m "${message}"` };
}

export function finish(summary: string): ScriptStep {
  return { mcp: { server: "switchyard", tool: "task_done", input: { summary } } };
}
