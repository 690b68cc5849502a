import type { Answer } from "./call-model.ts";
import type { SessionLine } from "./read-command-line.ts";

const WINDOW_TOKENS = 200_000;
/** A made-up price: the stand-in's cost only has to grow with what is used. */
const USD_A_MILLION_TOKENS = 3;

/** What the status line is told: context, cost, and the usage windows as of the last answer. */
export class Gauges {
  readonly #line: SessionLine;
  readonly #startedMs = Date.now();
  #usage: Answer["usage"] | null = null;
  #tokensInAll = 0;
  #rateLimits: object | null = null;

  constructor(line: SessionLine) {
    this.#line = line;
  }

  takeUsage(usage: Answer["usage"]): void {
    this.#usage = usage;
    this.#tokensInAll += contextTokens(usage) + usage.output_tokens;
  }

  takeHeaders(headers: Headers): void {
    const read = (window: "5h" | "7d") => {
      const used = headers.get(`anthropic-ratelimit-unified-${window}-utilization`);
      const reset = headers.get(`anthropic-ratelimit-unified-${window}-reset`);
      if (used === null || reset === null) return null;
      return { used_percentage: Math.round(Number(used) * 100), resets_at: Number(reset) };
    };
    const windows = { five_hour: read("5h"), seven_day: read("7d") };
    if (windows.five_hour && windows.seven_day) this.#rateLimits = windows;
  }

  read(): object {
    const tokens = this.#usage ? contextTokens(this.#usage) : 0;
    const used = Math.round((tokens / WINDOW_TOKENS) * 100);
    return {
      session_name: this.#line.name,
      model: { id: this.#line.model, display_name: this.#line.model },
      workspace: { current_dir: process.cwd(), project_dir: process.cwd(), added_dirs: [] },
      cost: {
        total_cost_usd: (this.#tokensInAll / 1e6) * USD_A_MILLION_TOKENS,
        total_duration_ms: Date.now() - this.#startedMs,
      },
      context_window: {
        total_input_tokens: tokens,
        total_output_tokens: this.#usage?.output_tokens ?? 0,
        context_window_size: WINDOW_TOKENS,
        current_usage: this.#usage,
        used_percentage: used,
        remaining_percentage: 100 - used,
      },
      ...(this.#rateLimits ? { rate_limits: this.#rateLimits } : {}),
    };
  }
}

function contextTokens(usage: Answer["usage"]): number {
  return usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens;
}
