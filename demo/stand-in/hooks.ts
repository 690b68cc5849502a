import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";

const Hook = z.union([
  z.looseObject({ type: z.literal("http"), url: z.string(), timeout: z.number().default(60) }),
  z.looseObject({
    type: z.literal("command"),
    command: z.string(),
    timeout: z.number().default(60),
  }),
]);
const Settings = z.looseObject({
  hooks: z.record(z.string(), z.array(z.looseObject({ hooks: z.array(Hook) }))).default({}),
  statusLine: z.looseObject({ command: z.string() }).optional(),
});

const HookAnswer = z.looseObject({
  decision: z.string().optional(),
  reason: z.string().optional(),
  hookSpecificOutput: z
    .looseObject({
      permissionDecision: z.string().optional(),
      permissionDecisionReason: z.string().optional(),
      decision: z
        .looseObject({
          behavior: z.enum(["allow", "deny"]),
          message: z.string().optional(),
          updatedInput: z.record(z.string(), z.unknown()).optional(),
        })
        .optional(),
    })
    .optional(),
});
export type HookAnswer = z.infer<typeof HookAnswer>;

/** Tells the hooks of a settings file what happens, as Claude Code does, and gives what they answer. */
export class Hooks {
  readonly #settings: z.infer<typeof Settings>;
  readonly #common: () => object;
  readonly #onTrouble: (line: string) => void;

  constructor(settings: string | null, common: () => object, onTrouble: (line: string) => void) {
    const text =
      settings !== null && existsSync(settings) ? readFileSync(settings, "utf8") : settings;
    this.#settings = Settings.parse(JSON.parse(text ?? "{}"));
    this.#common = common;
    this.#onTrouble = onTrouble;
  }

  /** Waits for all hooks of the event. A hook that fails or says nothing answers {}. */
  async fire(
    event: string,
    fields: object = {},
    signal: AbortSignal = new AbortController().signal,
  ): Promise<HookAnswer> {
    const body = JSON.stringify({ ...this.#common(), hook_event_name: event, ...fields });
    const hooks = (this.#settings.hooks[event] ?? []).flatMap((group) => group.hooks);
    const answers = await Promise.all(hooks.map((hook) => this.#run(event, hook, body, signal)));
    return Object.assign({}, ...answers);
  }

  async showStatus(gauges: object): Promise<void> {
    const { statusLine } = this.#settings;
    if (!statusLine) return;
    await runCommand(
      statusLine.command,
      JSON.stringify({ ...this.#common(), ...gauges }),
      10,
    ).catch((error) => this.#onTrouble(`status line: ${error}`));
  }

  async #run(
    event: string,
    hook: z.infer<typeof Hook>,
    body: string,
    signal: AbortSignal,
  ): Promise<HookAnswer> {
    try {
      if (hook.type === "command") return parse(await runCommand(hook.command, body, hook.timeout));
      // Claude Code passes over http hooks of this event without a word.
      if (event === "SessionStart") return {};
      const response = await fetch(hook.url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        signal: AbortSignal.any([signal, AbortSignal.timeout(hook.timeout * 1000)]),
      });
      return parse(await response.text());
    } catch (error) {
      if (!signal.aborted) this.#onTrouble(`${event} hook: ${error}`);
      return {};
    }
  }
}

function parse(text: string): HookAnswer {
  return text.trim() === "" ? {} : HookAnswer.parse(JSON.parse(text));
}

function runCommand(command: string, input: string, timeoutS: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const timeout = timeoutS * 1000;
    const child = spawn("/bin/sh", ["-c", command], { stdio: ["pipe", "pipe", "ignore"], timeout });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (piece: string) => {
      output += piece;
    });
    child.on("error", reject).on("close", () => resolve(output));
    // A command that does not read its input closes it.
    child.stdin.on("error", () => {}).end(input);
  });
}
