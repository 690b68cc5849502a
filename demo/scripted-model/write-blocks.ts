import { createHash } from "node:crypto";
import { isAbsolute, join } from "node:path";
import { unreachable } from "../../shared/model/unreachable.ts";
import type { Turn } from "./group-turns.ts";
import type { ToolStep } from "./step.ts";

export type AnswerBlock =
  | { readonly type: "text"; readonly text: string; readonly overMs: number }
  | { readonly type: "thinking"; readonly thinking: string; readonly signature: string }
  | {
      readonly type: "tool_use";
      readonly id: string;
      readonly name: string;
      readonly input: Readonly<Record<string, unknown>>;
    };

interface Place {
  /** Where the session works; relative paths are taken from there. */
  readonly cwd: string | null;
  /** The tools that the program offers. */
  readonly toolNames: readonly string[];
  /** Tool calls of the same seed get the same ids, so that a repeated request is answered with the same calls. */
  readonly seed: string;
}

const WORD_MS = 250;

/** The content of one answer. */
export function writeBlocks(turn: Turn, place: Place): readonly AnswerBlock[] {
  const blocks: AnswerBlock[] = [];
  const call = (step: ToolStep) => blocks.push(toolUse(step, place, blocks.length));
  for (const step of turn) {
    switch (step.kind) {
      case "say":
        blocks.push({ type: "text", text: step.text, overMs: 0 });
        break;
      case "slow": {
        const text = step.text ?? "still at it ".repeat(Math.ceil((step.seconds * 1000) / WORD_MS));
        blocks.push({ type: "text", text, overMs: step.seconds * 1000 });
        break;
      }
      case "think":
        blocks.push({ type: "thinking", thinking: step.text, signature: "c2NyaXB0ZWQ=" });
        break;
      case "parallel":
        step.steps.forEach(call);
        break;
      case "delay":
      case "speed":
      case "tokens":
      case "usage":
      case "headers":
      case "stop":
      case "drop":
      case "error":
      case "hang":
        break;
      default:
        call(step);
    }
  }
  return blocks.length > 0 ? blocks : [{ type: "text", text: "", overMs: 0 }];
}

function toolUse(step: ToolStep, place: Place, index: number): AnswerBlock {
  const hash = createHash("sha1").update(`${place.seed}|${index}`).digest("hex");
  const { name, input } = toolCall(step, place);
  return { type: "tool_use", id: `toolu_${hash.slice(0, 24)}`, name, input };
}

/** The tools of Claude Code 2.1, by their names and the names of their inputs. */
function toolCall(step: ToolStep, place: Place): { name: string; input: Record<string, unknown> } {
  const absolute = (path: string) =>
    isAbsolute(path) || place.cwd === null ? path : join(place.cwd, path);
  switch (step.kind) {
    case "write":
      return { name: "Write", input: { file_path: absolute(step.path), content: step.content } };
    case "edit": {
      const input = { file_path: absolute(step.path), old_string: step.old, new_string: step.new };
      return { name: "Edit", input };
    }
    case "read":
      return { name: "Read", input: { file_path: absolute(step.path) } };
    case "glob":
      return { name: "Glob", input: { pattern: step.glob } };
    case "grep":
      return { name: "Grep", input: { pattern: step.grep } };
    case "bash":
      return { name: "Bash", input: { description: "A scripted command", ...step.input } };
    case "mcp":
      return { name: `mcp__${step.server}__${step.tool}`, input: step.input };
    case "ask": {
      const options = step.options.map((label) => ({ label, description: label }));
      const { question, header } = step;
      return {
        name: "AskUserQuestion",
        input: { questions: [{ question, header, multiSelect: false, options }] },
      };
    }
    case "plan":
      return { name: "ExitPlanMode", input: { plan: step.plan } };
    case "task":
      return {
        name: place.toolNames.includes("Agent") ? "Agent" : "Task",
        input: { description: "A scripted task", subagent_type: "general-purpose", ...step.input },
      };
    case "tool":
      return { name: step.name, input: step.input };
    default:
      return unreachable(step);
  }
}
