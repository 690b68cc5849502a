import type { PersonKey } from "../../../shared/model/person-key.ts";
import type { Session } from "../../../shared/model/session.ts";
import type { UsageWindows } from "../../../shared/model/usage-window.ts";

/** `spend`: money or an organisation's allowance is used up; no reset ends that. */
export type TurnError =
  | "rate-limit"
  | "spend"
  | "authentication"
  | "server"
  | "invalid"
  | "unknown";
export type StatusLevel = "idle" | "busy" | "waiting" | "shell" | "unknown";

interface Noted {
  /** When it happened, ISO 8601 in UTC. */
  readonly at: string;
  /** Where it comes from, e.g. `hook:Stop`; a level's begins with `level:`. */
  readonly signal: string;
}

/**
 * What a session's program said about itself, in words that hold for every provider. All but `status-level` are edges:
 * they happened once, with a reason. A level says how things are and heals what the edges miss. A key is the person's, not the
 * program's.
 */
export type EvidenceEvent = Noted &
  (
    | { readonly kind: "session-ready" }
    /** `isSynthetic`: the program gave itself the prompt; nobody sent it. */
    | { readonly kind: "prompt-accepted"; readonly prompt: string; readonly isSynthetic: boolean }
    | { readonly kind: "tool-started"; readonly tool: string; readonly summary: string }
    /** `call`: the same `id` for the same tool with the same input; absent where its input was not told. */
    | {
        readonly kind: "tool-ended";
        readonly tool: string;
        readonly call?: {
          readonly id: string;
          readonly text: string;
          readonly hasFailed: boolean;
        };
      }
    | { readonly kind: "permission-asked"; readonly tool: string; readonly summary: string }
    | { readonly kind: "question-asked"; readonly summary: string }
    | {
        readonly kind: "turn-ended";
        readonly lastMessage: string | null;
        /** A command, subagent or timer of its own still runs and will start another turn. */
        readonly hasBackgroundWork: boolean;
      }
    | { readonly kind: "turn-failed"; readonly error: TurnError; readonly message: string }
    | { readonly kind: "session-ending"; readonly reason: string }
    | { readonly kind: "compacting" }
    /** `isManual`: a person asked for it between turns, so no turn goes on after it. */
    | { readonly kind: "compacted"; readonly isManual: boolean }
    | {
        readonly kind: "status-level";
        readonly level: StatusLevel;
        readonly waitingFor: string | null;
      }
    /** What the provider's own record of the conversation says of the newest turn; `at` is when that was written. */
    | { readonly kind: "turn-told"; readonly ending: TurnEnding; readonly message: string }
    | { readonly kind: "link-offered"; readonly url: string }
    /** What the person did in its pane. It moves no state, but says why one moved. */
    | { readonly kind: "key-pressed"; readonly key: PersonKey }
  );

/** `interrupted`: by a key of the person's, or by a "no" to what it asked. `context-full`: nothing more fits into it. */
export type TurnEnding = "completed" | "interrupted" | "context-full" | TurnError;

/** Numbers a session's program reported of itself. */
export interface Gauge {
  readonly context: Session["context"];
  readonly costUsd: number | null;
  /** The newest answer of its model: its tokens that no cache held, and what tells it from the one before. */
  readonly answer: { readonly id: string; readonly tokens: number } | null;
  /** Null where the report names no window that can be believed. */
  readonly windows: UsageWindows | null;
  /** What it said of its windows that cannot be, in words; nothing of that is in `windows`. */
  readonly refused?: readonly string[];
}

export interface SignalReading {
  readonly evidence: readonly EvidenceEvent[];
  readonly gauge: Gauge | null;
  /** What it told by the way; absent where it did not. */
  readonly told?: {
    /** Absolute path of the provider's own record of the conversation. */
    readonly recordFile?: string;
    /** The model it speaks with, its variant included. */
    readonly spokenModel?: string;
  };
}
