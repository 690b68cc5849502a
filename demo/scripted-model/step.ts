import { z } from "zod";

const path = z.string().min(1);
const seconds = z.number().nonnegative();
const headers = z.record(z.string(), z.string());
const record = z.record(z.string(), z.unknown());

/** One call of a tool of Claude Code's, under the name and with the input that the program knows. */
const ToolStep = z.union([
  z
    .strictObject({ write: z.strictObject({ path, content: z.string() }) })
    .transform(({ write }) => ({ kind: "write" as const, ...write })),
  z
    .strictObject({ edit: z.strictObject({ path, old: z.string(), new: z.string() }) })
    .transform(({ edit }) => ({ kind: "edit" as const, ...edit })),
  z.strictObject({ read: path }).transform(({ read }) => ({ kind: "read" as const, path: read })),
  z.strictObject({ glob: path }).transform(({ glob }) => ({ kind: "glob" as const, glob })),
  z.strictObject({ grep: path }).transform(({ grep }) => ({ kind: "grep" as const, grep })),
  z
    .strictObject({ bash: z.union([z.string(), z.looseObject({ command: z.string() })]) })
    .transform(({ bash }) => ({
      kind: "bash" as const,
      input: typeof bash === "string" ? { command: bash } : bash,
    })),
  z
    .strictObject({
      mcp: z.strictObject({ server: z.string(), tool: z.string(), input: record.default({}) }),
    })
    .transform(({ mcp }) => ({ kind: "mcp" as const, ...mcp })),
  z
    .strictObject({
      ask: z.strictObject({
        question: z.string(),
        header: z.string().default("Choose"),
        options: z.array(z.string()).default(["Yes", "No"]),
      }),
    })
    .transform(({ ask }) => ({ kind: "ask" as const, ...ask })),
  z.strictObject({ plan: z.string() }).transform(({ plan }) => ({ kind: "plan" as const, plan })),
  z
    .strictObject({ task: z.looseObject({ prompt: z.string() }) })
    .transform(({ task }) => ({ kind: "task" as const, input: task })),
  z
    .strictObject({ tool: z.strictObject({ name: z.string(), input: record.default({}) }) })
    .transform(({ tool }) => ({ kind: "tool" as const, ...tool })),
]);
export type ToolStep = z.output<typeof ToolStep>;

/** A step of a script, as it stands between the brackets of a marker. Times are in seconds, `speed` in milliseconds. */
const PlainStep = z.union([
  ToolStep,
  z
    .strictObject({ parallel: z.array(ToolStep).min(1) })
    .transform(({ parallel }) => ({ kind: "parallel" as const, steps: parallel })),
  z.strictObject({ say: z.string() }).transform(({ say }) => ({ kind: "say" as const, text: say })),
  z
    .strictObject({ think: z.string() })
    .transform(({ think }) => ({ kind: "think" as const, text: think })),
  z
    .strictObject({ slow: seconds, text: z.string().optional() })
    .transform(({ slow, text }) => ({ kind: "slow" as const, seconds: slow, text: text ?? null })),
  z
    .strictObject({ delay: seconds })
    .transform(({ delay }) => ({ kind: "delay" as const, seconds: delay })),
  z
    .strictObject({ speed: z.number().nonnegative() })
    .transform(({ speed }) => ({ kind: "speed" as const, gapMs: speed })),
  z
    .strictObject({ tokens: z.number().int().nonnegative() })
    .transform(({ tokens }) => ({ kind: "tokens" as const, tokens })),
  z.strictObject({ usage: record }).transform(({ usage }) => ({ kind: "usage" as const, usage })),
  z
    .strictObject({
      error: z.number().int().min(400).max(599),
      times: z.number().int().positive().optional(),
      type: z.string().optional(),
      message: z.string().optional(),
      limit: z.enum(["five_hour", "seven_day"]).optional(),
      resets_in: seconds.optional(),
      retry_after: seconds.optional(),
      headers: headers.optional(),
      delay: seconds.optional(),
    })
    .transform(({ error, ...rest }) => ({ kind: "error" as const, status: error, ...rest })),
  z
    .strictObject({ hang: z.union([z.literal(true), seconds]) })
    .transform(({ hang }) => ({ kind: "hang" as const, seconds: hang === true ? 3600 : hang })),
  z.strictObject({ drop: z.literal(true) }).transform(() => ({ kind: "drop" as const })),
  z
    .strictObject({ stop: z.string() })
    .transform(({ stop }) => ({ kind: "stop" as const, reason: stop })),
  z
    .strictObject({ headers })
    .transform((step) => ({ kind: "headers" as const, headers: step.headers })),
]);
export type PlainStep = z.output<typeof PlainStep>;
export type PlainScriptStep = z.input<typeof PlainStep>;

/** Chooses how to go on by what the tools of the answer before it returned. */
const WhenStep = z
  .strictObject({
    when: z.string(),
    do: z.array(PlainStep).default([]),
    otherwise: z.array(PlainStep).default([]),
  })
  .transform((step) => ({
    kind: "when" as const,
    result: step.when,
    do: step.do,
    otherwise: step.otherwise,
  }));

export const Step = z.union([PlainStep, WhenStep]);
export type Step = z.output<typeof Step>;
/** A step as an author writes it. */
export type ScriptStep = z.input<typeof Step>;

const TOOL_KINDS: ReadonlySet<string> = new Set([
  "write",
  "edit",
  "read",
  "glob",
  "grep",
  "bash",
  "mcp",
  "ask",
  "plan",
  "task",
  "tool",
] satisfies ToolStep["kind"][]);

export function isToolStep(step: Step): step is ToolStep {
  return TOOL_KINDS.has(step.kind);
}
