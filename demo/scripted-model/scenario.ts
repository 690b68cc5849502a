import { z } from "zod";
import { Step } from "./step.ts";
import { Unified } from "./unified-headers.ts";

const pattern = z.string().refine(isPattern, "is not a regular expression");

/** A script for messages that bring none. Every condition that is given must hold. */
const Rule = z.strictObject({
  /** Matches what was typed last. */
  prompt: pattern.optional(),
  /** The end of the credential. */
  auth: z.string().optional(),
  model: pattern.optional(),
  session: z.string().optional(),
  /** True: goes before a marker in the same message. */
  overMarker: z.boolean().default(false),
  steps: z.array(Step),
});
export type Rule = z.output<typeof Rule>;

/** How every call with a credential that ends in this profile's key is treated. */
const ProfileBehaviour = z.strictObject({
  name: z.string(),
  unified: Unified.optional(),
  /** More main-loop calls than this at once are refused with 429. */
  maxConcurrent: z.number().int().positive().optional(),
  concurrentMessage: z.string().optional(),
  /** Every call is refused with this. */
  reject: z
    .strictObject({ status: z.number().int().default(401), message: z.string().optional() })
    .optional(),
});
export type ProfileBehaviour = z.output<typeof ProfileBehaviour>;

export const Scenario = z.strictObject({
  default: z.array(Step).default([{ kind: "say", text: "Scripted reply." }]),
  rules: z.array(Rule).default([]),
  /** A typed message that matches only asks to go on: the script before it is played on from where it was. */
  goesOn: pattern.optional(),
  unified: Unified.optional(),
  /** By the end of the credential. */
  profiles: z.record(z.string(), ProfileBehaviour).default({}),
});
export type Scenario = z.output<typeof Scenario>;
/** A scenario as an author writes it. */
export type ScenarioSource = z.input<typeof Scenario>;

export function findProfile(scenario: Scenario, token: string): ProfileBehaviour | null {
  const entries = Object.entries(scenario.profiles);
  return entries.find(([tail]) => token.endsWith(tail))?.[1] ?? null;
}

interface Asked {
  readonly text: string;
  readonly token: string;
  readonly model: string;
  readonly session: string;
}

export function findRule(rules: readonly Rule[], asked: Asked): Rule | null {
  return rules.find((rule) => matches(rule, asked)) ?? null;
}

function matches(rule: Rule, asked: Asked): boolean {
  return (
    (rule.prompt === undefined || new RegExp(rule.prompt).test(asked.text)) &&
    (rule.auth === undefined || asked.token.endsWith(rule.auth)) &&
    (rule.model === undefined || new RegExp(rule.model).test(asked.model)) &&
    (rule.session === undefined || rule.session === asked.session)
  );
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) !== null;
  } catch {
    return false;
  }
}
