import { z } from "zod";
import type { Ask, AskKind, Question } from "../../../../shared/model/ask.ts";
import { unreachable } from "../../../../shared/model/unreachable.ts";
import type { AskReading } from "../ask-reading.ts";
import { summarise } from "./read-claude-signal.ts";

const DETAIL_MAX_CHARS = 20_000;

const AskBody = z.object({
  tool_name: z.string(),
  tool_input: z.record(z.string(), z.unknown()).catch({}),
  agent_id: z.string().optional().catch(undefined),
  agent_type: z.string().optional().catch(undefined),
});
/** What the gate's shim posts: the call that a rule stopped, and which rule. */
const GateBody = AskBody.extend({ why: z.string(), place: z.string().catch("") });

const AskedQuestions = z
  .array(
    z
      .object({
        question: z.string(),
        header: z.string().nullable().catch(null),
        multiSelect: z.boolean().catch(false),
        options: z
          .array(z.object({ label: z.string(), description: z.string().nullable().catch(null) }))
          .catch([]),
      })
      .transform(({ multiSelect, ...asked }): Question => ({ ...asked, isMultiple: multiSelect })),
  )
  .catch([]);

/** What a `PermissionRequest` hook asks; null for what is none, which is then left to the pane. */
export function readClaudeAsk(body: unknown): AskReading | null {
  const asked = AskBody.safeParse(body);
  if (!asked.success) return null;
  const { tool_name: tool, tool_input: input, agent_id, agent_type } = asked.data;
  const kind = KINDS[tool] ?? "permission";
  const questions = kind === "question" ? AskedQuestions.parse(input.questions) : [];
  return {
    ...tell(kind, tool, input),
    why: agent_id === undefined ? null : `its subagent ${agent_type || "without a name"} asks`,
    isShown: agent_id === undefined,
    questions,
  };
}

/** What the gate asks; null for what is no such thing, which must then not pass. */
export function readClaudeGate(body: unknown): AskReading | null {
  const stopped = GateBody.safeParse(body);
  if (!stopped.success) return null;
  const { tool_name: tool, tool_input: input, why, place } = stopped.data;
  return { ...tell("gate", tool, input), why, place, isShown: false, questions: [] };
}

/**
 * How an ask that is closed is answered to the hook that holds it open. One that was answered elsewhere gets no decision: the
 * program has gone on by then, or shows its own dialog. The gate lets nothing by that was not allowed.
 *
 * Measured with 2.1.329: AskUserQuestion and ExitPlanMode take an `allow` only together with an `updatedInput`, be it the one
 * they asked with; several labels of one question are joined by ", ", as the program itself does.
 */
export function writeClaudeAnswer(
  ask: Pick<Ask, "kind" | "state" | "note"> & { readonly input: string },
): string {
  if (ask.kind === "gate")
    return JSON.stringify(
      ask.state === "allowed" ? { decision: "allow" } : { decision: "deny", note: ask.note },
    );
  switch (ask.state) {
    case "allowed":
      return toDecision({
        behavior: "allow",
        ...(ask.kind === "plan"
          ? { updatedInput: JSON.parse(ask.input), updatedPermissions: [MAY_EDIT] }
          : {}),
      });
    case "denied":
      return toDecision({
        behavior: "deny",
        message: ask.note ?? "The person said no. Look for another way, or call task_blocked.",
      });
    case "answered":
      return toDecision({
        behavior: "allow",
        updatedInput: { ...JSON.parse(ask.input), answers: joinLabels(ask.note) },
      });
    case "open":
    case "in-pane":
    case "gone":
      return "{}";
    default:
      return unreachable(ask.state);
  }
}

/** After a plan's yes a worker edits in its own worktree as any other does; else the program would ask about each file. */
const MAY_EDIT = { type: "setMode", mode: "acceptEdits", destination: "session" };

const KINDS: Readonly<Record<string, AskKind>> = {
  AskUserQuestion: "question",
  ExitPlanMode: "plan",
};

function tell(kind: AskKind, tool: string, input: Readonly<Record<string, unknown>>) {
  const whole = wholeOf(kind, tool, input);
  return {
    kind,
    tool,
    summary: kind === "plan" ? firstLine(whole) : summarise(input),
    detail: cut(whole),
    input: JSON.stringify(input),
  };
}

/** All of it, as it would run or reads. */
function wholeOf(kind: AskKind, tool: string, input: Readonly<Record<string, unknown>>): string {
  if (kind === "plan")
    return typeof input.plan === "string" && input.plan !== ""
      ? input.plan
      : "It wrote no plan; its pane shows what it said.";
  if (tool === "Bash" && typeof input.command === "string") return input.command;
  return JSON.stringify(input, null, 2);
}

/** Who judges a command must know that they do not see all of it. */
function cut(text: string): string {
  if (text.length <= DETAIL_MAX_CHARS) return text;
  const shown = text.slice(0, DETAIL_MAX_CHARS - 100);
  return `${shown}\n… and ${text.length - shown.length} more characters that are not shown here`;
}

function firstLine(text: string): string {
  const line = text.split("\n").find((each) => each.trim() !== "") ?? "";
  return line.replace(/^[#\s]+/, "").slice(0, 200);
}

function toDecision(decision: object): string {
  return JSON.stringify({ hookSpecificOutput: { hookEventName: "PermissionRequest", decision } });
}

function joinLabels(note: string | null): Readonly<Record<string, string>> {
  // An ask that is `answered` has its answers in its note, written by `Asks`.
  const answers = JSON.parse(note ?? "{}") as Record<string, readonly string[]>;
  return Object.fromEntries(
    Object.entries(answers).map(([question, labels]) => [question, labels.join(", ")]),
  );
}
