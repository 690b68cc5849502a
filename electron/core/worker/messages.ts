import type { HostContract } from "../../../shared/contract/host-contract.ts";
import type { Client } from "../../../shared/contract/rpc.ts";
import type { SessionId } from "../../../shared/model/ids.ts";
import { isLive } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import { asMessage } from "../provider/claude/plan-claude-launch.ts";
import type { SessionRecord, Store } from "../store/store.ts";

/** A message that its hook has not confirmed by then did not arrive. */
const DELIVERY_MS = 5_000;

type PromptListener = (session: SessionId, prompt: string) => void;

interface MessagesParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly host: () => Client<HostContract>;
}

/** What is typed into sessions in the person's or the supervisor's name, and whether it arrived. */
export class Messages {
  readonly #parts: MessagesParts;
  readonly #listeners = new Set<PromptListener>();

  constructor(parts: MessagesParts) {
    this.#parts = parts;
  }

  /**
   * Pastes a message into the session's prompt and sends it. Resolves to whether its hook confirmed it in time.
   * Refused while a dialog is open, where keys would answer it.
   */
  async send(id: SessionId, text: string): Promise<boolean> {
    const { state } = this.#require(id);
    if (state === "needs-input" || state === "unknown" || state === "starting") {
      throw new SwitchyardError(
        "wrong-state",
        `${id} is ${state}, so a message typed now could answer an open dialog.`,
        "Open its pane and answer there, or wait until it works or is idle.",
      );
    }
    const message = pasteable(text);
    const confirmed = this.#confirmation(id, message);
    await this.#type(id, `\u001b[200~${message}\u001b[201~\r`);
    return confirmed;
  }

  /** Sends Esc, which cuts the current turn short. */
  async interrupt(id: SessionId): Promise<void> {
    this.#require(id);
    await this.#type(id, "\u001b");
  }

  /** Calls the listener whenever a program has accepted a message, whoever sent it. Returns the way to stop. */
  onAccepted(listener: PromptListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A session's program said that it has taken up this message. */
  accepted(id: SessionId, prompt: string): void {
    for (const listener of this.#listeners) listener(id, prompt);
  }

  #require(id: SessionId): SessionRecord {
    const session = this.#parts.store.sessions.find(id);
    if (!session) {
      throw new SwitchyardError(
        "not-found",
        `There is no session ${id}.`,
        "See: switchyard session list",
      );
    }
    if (isLive(session.state)) return session;
    throw new SwitchyardError(
      "wrong-state",
      `${id} is over (${session.state}).`,
      `Continue its conversation with: switchyard session respawn ${id}`,
    );
  }

  async #type(id: SessionId, text: string): Promise<void> {
    const base64 = Buffer.from(text, "utf8").toString("base64");
    await this.#parts.host().call("write", { session: id, base64 });
  }

  async #confirmation(id: SessionId, message: string): Promise<boolean> {
    const waiting = new AbortController();
    const heard = new Promise<boolean>((resolve) => {
      const stop = this.onAccepted((session, prompt) => {
        if (session === id && prompt.trim() === message.trim()) resolve(true);
      });
      waiting.signal.addEventListener("abort", stop);
    });
    const timeUp = this.#parts.clock.wait(DELIVERY_MS, waiting.signal).then(
      () => false,
      () => false,
    );
    try {
      return await Promise.race([heard, timeUp]);
    } finally {
      waiting.abort(new Error("delivery is decided"));
    }
  }
}

/** An embedded end of paste would let the rest of the text be typed as keys; it is taken out. */
function pasteable(text: string): string {
  return asMessage(text.replaceAll("\u001b[201~", "").replaceAll("\r\n", "\n"));
}
