import { createHash } from "node:crypto";
import { groupTurns, isFailure, type Turn } from "./group-turns.ts";
import {
  contentText,
  type Message,
  type ModelRequest,
  type RequestBody,
  toolResultText,
  typedText,
} from "./model-request.ts";
import { readMarker } from "./read-marker.ts";
import { findRule, type Scenario } from "./scenario.ts";
import type { PlainStep, Step } from "./step.ts";

/** `main` is scripted; the others are small calls Claude Code makes on its own account. */
export type Role = "main" | "side" | "probe" | "compact";

export interface AnswerPlan {
  readonly role: Role;
  readonly turn: Turn;
  /** Which answer of the script this is, from 0; null for calls that are not scripted. */
  readonly step: number | null;
  /** The steps of the script's earlier answers: some of them stay in force. */
  readonly earlier: readonly PlainStep[];
  /** The same for the same place in the same conversation: what is made up from it repeats on a retry. */
  readonly seed: string;
}

/** How often the failing answer at a place has been given: unlike others, it leaves no trace in the conversation. */
export type FailureCounts = Map<string, number>;

/** Chooses the answer to a request. Counts the failures it plans in `failures`; keeps no other state. */
export function planAnswer(
  request: ModelRequest,
  scenario: Scenario,
  failures: FailureCounts,
): AnswerPlan {
  const own = planOwnCall(request.body);
  if (own) return own;

  const script = findScript(request, scenario);
  const since = request.body.messages.slice(script.at + 1);
  const place = `${request.session}|${fingerprint(script.key)}|${script.at}`;
  const turns = groupTurns(script.steps, resultsAfterAnswers(since));
  let open = since.filter((message) => message.role === "assistant").length;

  for (const [step, turn] of turns.entries()) {
    const seed = `${place}|${step}`;
    const plan: AnswerPlan = {
      role: "main",
      turn,
      step,
      seed,
      earlier: turns.slice(0, step).flat(),
    };
    if (!isFailure(turn[0])) {
      if (open === 0) return plan;
      open--;
    } else if (open === 0) {
      const failed = failures.get(seed) ?? 0;
      if (failed >= timesToFail(turn[0])) continue;
      failures.set(seed, failed + 1);
      return plan;
    }
  }
  return {
    role: "main",
    turn: [{ kind: "say", text: "Script finished." }],
    step: turns.length,
    seed: `${place}|${turns.length}`,
    earlier: turns.flat(),
  };
}

interface Script {
  readonly steps: readonly Step[];
  readonly key: string;
  /** The index of the message that asks for it. */
  readonly at: number;
}

/** The newest thing that was typed decides: by a rule that goes before markers, its marker, another rule, the default. */
function findScript({ body, token, session }: ModelRequest, scenario: Scenario): Script {
  const goesOn = scenario.goesOn === undefined ? null : new RegExp(scenario.goesOn);
  const at = body.messages.findLastIndex((message) => {
    const typed = message.role === "user" ? typedText(message) : "";
    // One with a script of its own begins it, whatever else it says.
    return typed !== "" && !(goesOn?.test(typed) && !readMarker(typed));
  });
  const message = body.messages[at];
  const text = message ? typedText(message) : "";
  const asked = { text, token, session, model: body.model };

  const first = findRule(
    scenario.rules.filter((rule) => rule.overMarker),
    asked,
  );
  if (first) return { steps: first.steps, key: text, at };
  const marker = readMarker(text);
  if (marker) return { steps: marker.steps, key: marker.raw, at };
  const rule = findRule(scenario.rules, asked);
  return { steps: rule?.steps ?? scenario.default, key: text, at };
}

/** What the tools returned after each answer, "" after one that called none. */
function resultsAfterAnswers(messages: readonly Message[]): readonly string[] {
  const results: string[] = [];
  for (const message of messages) {
    if (message.role === "assistant") results.push("");
    else if (results.length > 0) results[results.length - 1] += toolResultText(message) ?? "";
  }
  return results;
}

function timesToFail(step: PlainStep): number {
  if (step.kind !== "error") return 1;
  if (step.times !== undefined) return step.times;
  // What the provider refuses on principle it refuses again.
  return [400, 401, 403].includes(step.status) ? Number.POSITIVE_INFINITY : 1;
}

/** Titles, summaries and quota probes: answered plausibly, never scripted. */
function planOwnCall(body: RequestBody): AnswerPlan | null {
  const say = (role: Role, text: string): AnswerPlan => ({
    role,
    turn: [{ kind: "say", text }],
    step: null,
    earlier: [],
    seed: fingerprint(JSON.stringify(body.messages)),
  });
  const schema = body.output_config?.format?.schema ?? body.output_format?.schema;
  if (schema) return say("side", JSON.stringify(fillSchema(schema)));
  if (body.max_tokens === 1) return say("probe", "ok");
  const end = body.messages.slice(-2).map((message) => contentText(message.content));
  if (
    /create a detailed summary of|Your task is to create a detailed summary/i.test(end.join("\n"))
  )
    return say("compact", `<summary>\nA summary of ${body.messages.length} messages.\n</summary>`);
  if (body.tools.length === 0) return say("side", "A short answer.");
  return null;
}

/** The simplest value that fits a JSON schema; titles read as such. */
function fillSchema(schema: unknown, name = ""): unknown {
  if (typeof schema !== "object" || schema === null) return null;
  // Any object may be asked for these; each is looked at before it is used.
  const wanted = schema as {
    const?: unknown;
    enum?: unknown;
    type?: unknown;
    properties?: unknown;
  };
  if (wanted.const !== undefined) return wanted.const;
  if (Array.isArray(wanted.enum)) return wanted.enum[0];
  switch (Array.isArray(wanted.type) ? wanted.type[0] : wanted.type) {
    case "object": {
      const properties = Object.entries(wanted.properties ?? {});
      return Object.fromEntries(properties.map(([key, value]) => [key, fillSchema(value, key)]));
    }
    case "array":
      return [];
    case "boolean":
      return false;
    case "number":
    case "integer":
      return 0;
    case "null":
      return null;
    default:
      return name === "title" ? "Scripted title" : "scripted";
  }
}

function fingerprint(text: string): string {
  return createHash("sha1").update(text).digest("hex").slice(0, 12);
}
