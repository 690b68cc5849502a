import type { Answer, ApiMessage, ToolUse } from "./call-model.ts";
import { callModel } from "./call-model.ts";
import type { Gauges } from "./gauges.ts";
import type { Hooks } from "./hooks.ts";
import type { SessionLine } from "./read-command-line.ts";
import { isAllowed, runTool, type ToolOutcome } from "./run-tool.ts";
import type { Screen } from "./screen.ts";
import type { SessionFile } from "./session-file.ts";
import type { ToolServer } from "./tool-server.ts";
import type { Transcript } from "./transcript.ts";

export interface ConversationParts {
  readonly line: SessionLine;
  readonly screen: Screen;
  readonly hooks: Hooks;
  readonly file: SessionFile;
  readonly transcript: Transcript;
  readonly servers: readonly ToolServer[];
  readonly toolNames: readonly string[];
  readonly gauges: Gauges;
  /** Resolves once the person at the terminal has said yes or no. */
  readonly askPerson: (signal: AbortSignal) => Promise<boolean>;
  readonly onToolCall: () => void;
}

const SHOWN_CHARS = 200;

/** Messages back and forth with the model, one turn at a time. */
export class Conversation {
  readonly #parts: ConversationParts;
  readonly #messages: ApiMessage[];

  constructor(parts: ConversationParts) {
    this.#parts = parts;
    this.#messages = parts.line.isResumed ? parts.transcript.read() : [];
  }

  /** Plays one turn, from a typed message to the model's last word. An interrupted turn ends without a hook, as in Claude Code. */
  async playTurn(prompt: string, signal: AbortSignal): Promise<void> {
    const { screen, hooks, file } = this.#parts;
    file.write("busy");
    screen.setWorking(true);
    screen.print(`\x1b[1m> ${prompt}\x1b[0m`);
    try {
      await hooks.fire("UserPromptSubmit", { prompt });
      this.#append({ role: "user", content: prompt });
      await this.#answerUntilDone(signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      this.#append({ role: "user", content: "[Request interrupted by user]" });
      screen.print("Interrupted");
    } finally {
      file.write("idle");
      screen.setWorking(false);
    }
    await hooks.showStatus(this.#parts.gauges.read());
  }

  async #answerUntilDone(signal: AbortSignal): Promise<void> {
    const { screen, hooks, gauges, transcript, line } = this.#parts;
    for (let isAgain = false; ; ) {
      const outcome = await callModel(this.#request(), line.conversation, signal);
      if (outcome.headers) gauges.takeHeaders(outcome.headers);
      if (outcome.kind === "failed") {
        const content = [{ type: "text", text: outcome.text }];
        const message: ApiMessage = { role: "assistant", content };
        transcript.append(message, { isApiErrorMessage: true, error: outcome.error });
        screen.print(`\x1b[31m●\x1b[0m ${outcome.text}`);
        await hooks.fire("StopFailure", {
          error: outcome.error,
          last_assistant_message: outcome.text,
        });
        return;
      }

      const { answer } = outcome;
      gauges.takeUsage(answer.usage);
      this.#messages.push({ role: "assistant", content: answer.content });
      transcript.append({ role: "assistant", ...answer });
      const calls = answer.content.filter((block): block is ToolUse => block.type === "tool_use");
      const text = lastText(answer);
      if (text) screen.print(`● ${text}`);
      await hooks.showStatus(gauges.read());

      if (calls.length > 0) {
        this.#append({ role: "user", content: await this.#callTools(calls, signal) });
        continue;
      }
      const fields = { stop_hook_active: isAgain, last_assistant_message: text };
      const nothing = { background_tasks: [], session_crons: [] };
      const { decision, reason = "" } = await hooks.fire("Stop", { ...fields, ...nothing });
      if (decision !== "block") return;
      isAgain = true;
      this.#append({ role: "user", content: reason });
    }
  }

  async #callTools(calls: readonly ToolUse[], signal: AbortSignal): Promise<readonly object[]> {
    const results: object[] = [];
    for (const call of calls) {
      const { text, isError } = await this.#callTool(call, signal);
      this.#parts.screen.print(`  ⎿  ${text.slice(0, SHOWN_CHARS)}`);
      results.push({
        type: "tool_result",
        tool_use_id: call.id,
        content: text,
        ...(isError ? { is_error: true } : {}),
      });
      this.#parts.onToolCall();
    }
    return results;
  }

  async #callTool(call: ToolUse, signal: AbortSignal): Promise<ToolOutcome> {
    const { hooks, screen, servers } = this.#parts;
    const about = { tool_name: call.name, tool_input: call.input, tool_use_id: call.id };
    screen.print(`● ${call.name}(${JSON.stringify(call.input).slice(0, SHOWN_CHARS)})`);
    const { hookSpecificOutput: judged } = await hooks.fire("PreToolUse", about);
    if (judged?.permissionDecision === "deny")
      return { text: judged.permissionDecisionReason ?? "Denied by a hook.", isError: true };
    const refusal =
      judged?.permissionDecision === "allow" ? null : await this.#refuse(call, signal);
    if (refusal) return refusal;

    const startedMs = Date.now();
    const outcome = await runTool(call, servers, signal);
    const duration = { duration_ms: Date.now() - startedMs };
    if (outcome.isError)
      await hooks.fire("PostToolUseFailure", { ...about, error: outcome.text, ...duration });
    else await hooks.fire("PostToolUse", { ...about, tool_response: outcome.text, ...duration });
    return outcome;
  }

  /** Null when the call may run, at once or because a hook or the person said yes; whoever answers first is heard. */
  async #refuse(call: ToolUse, signal: AbortSignal): Promise<ToolOutcome | null> {
    const { line, hooks, file, screen, askPerson } = this.#parts;
    if (isAllowed(call, { mode: line.permissionMode, allowed: line.allowedTools })) return null;
    if (line.permissionMode === "dontAsk")
      return { text: `Permission to use ${call.name} has been denied.`, isError: true };

    file.write("waiting");
    screen.print("Do you want to proceed?  1. Yes  2. No (esc)");
    const answered = new AbortController();
    const refused = new AbortController();
    const about = { tool_name: call.name, tool_input: call.input, permission_suggestions: [] };
    const byPerson = askPerson(AbortSignal.any([signal, answered.signal]));
    const byHook = hooks
      .fire("PermissionRequest", about, AbortSignal.any([signal, refused.signal]))
      .then(async ({ hookSpecificOutput }) => hookSpecificOutput?.decision ?? (await byPerson));
    const decision = await Promise.race([byPerson, byHook]).finally(() => answered.abort());
    // As Claude Code does: a hook is hung up after a no in the pane, and left open after a yes.
    if (decision === false) refused.abort();
    file.write("busy");
    if (decision === true) return null;
    if (decision === false) return { text: "The user doesn't want to proceed.", isError: true };
    if (decision.behavior === "deny") return { text: decision.message ?? "Denied.", isError: true };
    // An allowed question carries its answers in the input.
    if (decision.updatedInput)
      return { text: JSON.stringify(decision.updatedInput), isError: false };
    return null;
  }

  #append(message: ApiMessage): void {
    this.#messages.push(message);
    this.#parts.transcript.append(message);
  }

  #request() {
    const { line, toolNames } = this.#parts;
    return {
      model: line.model,
      max_tokens: 32_000,
      system: `Working directory: ${process.cwd()}\n${line.appendSystemPrompt}`,
      metadata: { user_id: JSON.stringify({ session_id: line.conversation }) },
      tools: ["Write", "Edit", "Read", "Bash", ...toolNames].map((name) => ({
        name,
        input_schema: { type: "object" },
      })),
      messages: this.#messages,
    };
  }
}

function lastText(answer: Answer): string {
  return answer.content.findLast((block) => block.type === "text")?.text ?? "";
}
