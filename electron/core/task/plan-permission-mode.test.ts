import { expect, test } from "vitest";
import type { Approval } from "../../../shared/model/ask.ts";
import { ProjectName, TaskId } from "../../../shared/model/ids.ts";
import { MODE_TOOL } from "../../../shared/model/permission-mode.ts";
import { type ModeQuestion, planPermissionMode } from "./plan-permission-mode.ts";

const project = ProjectName.parse("app");
const id = TaskId.parse("t-1");
const at = "2026-11-21T09:00:00.000Z";
const now = "2026-11-21T12:00:00.000Z";
const later = "2026-11-21T17:00:00.000Z";
const earlier = "2026-11-21T11:00:00.000Z";

const accepted = (input: string, until: string, task: TaskId | null = null): Approval => ({
  id: 1,
  project,
  task,
  tool: MODE_TOOL,
  input,
  at,
  until,
});

function choose(own: Partial<ModeQuestion>): string {
  const choice = planPermissionMode({
    project,
    task: { id, permissionMode: null },
    settings: undefined,
    isSandboxed: true,
    approvals: [],
    now,
    ...own,
  });
  return choice.kind === "chosen"
    ? `${choice.mode} until ${choice.until ?? "further notice"}`
    : choice.reason;
}

test("a task's own mode comes before its project's, and that before the usual one", () => {
  expect(choose({})).toBe("acceptEdits until further notice");
  expect(choose({ settings: "plan" })).toBe("plan until further notice");
  expect(choose({ settings: "plan", task: { id, permissionMode: "dontAsk" } })).toBe(
    "dontAsk until further notice",
  );
});

test("a mode that asks nothing holds as long as it is accepted, for the project or for this task", () => {
  const auto = { settings: "auto" } as const;
  expect(choose({ ...auto, approvals: [accepted("auto", later)] })).toBe(`auto until ${later}`);
  expect(choose({ ...auto, approvals: [accepted("auto", later, id)] })).toBe(`auto until ${later}`);
  const both = [accepted("auto", later), accepted("auto", earlier, id)];
  expect(choose({ ...auto, approvals: both })).toBe(`auto until ${later}`);
});

test("without an acceptance, after its end, and for another task or mode, the start is refused with the way out", () => {
  const auto = { settings: "auto" } as const;
  const wayOut =
    "Accept it: switchyard task edit t-1 --permission-mode auto, or switchyard project set app --accept-mode auto. Or take another mode: agents.worker.permission-mode: acceptEdits.";
  const unheard = `Its workers would run in the mode auto and ask nothing, and nobody has accepted that. ${wayOut}`;
  expect(choose(auto)).toBe(unheard);
  expect(choose({ ...auto, approvals: [accepted("bypassPermissions", later)] })).toBe(unheard);
  const others = TaskId.parse("t-2");
  expect(choose({ ...auto, approvals: [accepted("auto", later, others)] })).toBe(unheard);
  expect(choose({ ...auto, approvals: [accepted("auto", earlier)] })).toContain(
    `and what accepted that ended at ${earlier}.`,
  );
  // The very moment of its end is its end.
  expect(choose({ ...auto, approvals: [accepted("auto", now)] })).toContain("ended at");
});

test("bypassPermissions holds inside the sandbox only, whoever accepted it", () => {
  const task = { id, permissionMode: "bypassPermissions" } as const;
  const approvals = [accepted("bypassPermissions", later, id)];
  expect(choose({ task, approvals })).toBe(`bypassPermissions until ${later}`);
  expect(choose({ task, approvals, isSandboxed: false })).toBe(
    "The mode bypassPermissions holds only inside the sandbox, because nothing else stops what runs in it, and the sandbox is off for app. Switch it on with agents.worker.sandbox: true. Or take another mode: switchyard task edit t-1 --permission-mode acceptEdits.",
  );
});
