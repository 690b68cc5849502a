import { z } from "zod";
import { CHECK_TIMEOUT_MS, type Check } from "./check.ts";
import { ApprovePolicy, LandPolicy, Strategy } from "./project.ts";

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** Written as a number and a unit; a number of milliseconds once read. */
const duration = z
  .string("write a time such as 90s, 20m or 2h")
  .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, "write a time such as 90s, 20m or 2h")
  .transform((text) =>
    Math.round(Number.parseFloat(text) * (UNITS_MS[text.replace(/^[\d.]+/, "")] ?? 0)),
  )
  .refine((ms) => ms > 0 && ms <= 24 * 3_600_000, "write a time between 1ms and 24h");

const off = z.literal("off");
const text = z.string().min(1).max(4096);
const texts = z.array(text).max(200);
const wholeFrom = (least: number, most: number) => z.number().int().min(least).max(most);

const SettingsCheck = z.strictObject({
  name: z.string().min(1).max(80),
  run: text,
  timeout: duration.optional(),
  /** How often a red check is run again before it counts. */
  retries: wholeFrom(0, 5).optional(),
});

const AgentSettings = z.strictObject({
  provider: z.literal("claude").optional(),
  /** `default` leaves the choice to the provider. */
  model: text.optional(),
  "permission-mode": z
    .enum(["default", "acceptEdits", "plan", "dontAsk", "auto", "bypassPermissions"])
    .optional(),
  allow: texts.optional(),
  /** Tokens of context at which the session is asked to hand over to a fresh one. */
  "handoff-at": z
    .union([off, wholeFrom(1_000, 10_000_000)], "write a number of tokens, or off")
    .optional(),
});

/** `config.yaml`, the person's and a project's alike. Every key can be left out; one that is not here is a mistake. */
export const Settings = z.strictObject({
  version: z.literal(1).optional(),
  target: z.string().min(1).max(250).optional(),
  worktrees: z
    .strictObject({
      /** `default`, or a folder that holds the project's worktrees. */
      location: text.optional(),
      /** Files copied from the main checkout into a new worktree. */
      copy: texts.optional(),
      setup: text.optional(),
      "include-changes": z.enum(["ask", "always", "never"]).optional(),
    })
    .optional(),
  checks: z.array(SettingsCheck).max(20).optional(),
  queue: z
    .strictObject({
      land: LandPolicy.optional(),
      approve: ApprovePolicy.optional(),
      "parallel-checks": wholeFrom(1, 32).optional(),
      batch: z
        .union([z.literal("auto"), wholeFrom(1, 32)], "write auto, or a number from 1 to 32")
        .optional(),
      push: z.enum(["off", "on"]).optional(),
    })
    .optional(),
  dispatch: z
    .strictObject({
      strategy: Strategy.optional(),
      "max-workers": wholeFrom(1, 100).optional(),
      /** How many tasks of a plan go first, alone; 0: none. */
      pilot: wholeFrom(0, 100).optional(),
      /** When work may start; empty: always. */
      hours: z
        .array(
          z
            .string()
            .regex(
              /^((mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))? )?([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/,
              'write hours such as "22:00-06:00" or "mon-fri 18:00-08:00"',
            ),
        )
        .max(50)
        .optional(),
    })
    .optional(),
  locks: z
    .record(
      z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "name a lock with small letters, digits and dashes"),
      z.strictObject({ slots: wholeFrom(1, 64).optional(), commands: texts.optional() }),
    )
    .optional(),
  agents: z
    .strictObject({
      worker: AgentSettings.optional(),
      steward: AgentSettings.optional(),
      director: AgentSettings.optional(),
    })
    .optional(),
  guards: z
    .strictObject({
      destructive: z.enum(["default", "off"]).optional(),
      "budget-usd-per-task": z
        .union([off, z.number().positive().max(10_000)], "write an amount in dollars, or off")
        .optional(),
      "idle-minutes": z
        .union([off, wholeFrom(1, 1_440)], "write a number of minutes, or off")
        .optional(),
    })
    .optional(),
});
export type Settings = z.infer<typeof Settings>;

/** The checks a settings file asks for; undefined when it says nothing about them. */
export function checksOf(settings: Settings): readonly Check[] | undefined {
  return settings.checks?.map(({ name, run, timeout }) => ({
    name,
    run,
    timeoutMs: timeout ?? CHECK_TIMEOUT_MS,
  }));
}
