import type { HostContract } from "../../../shared/contract/host-contract.ts";
import type { Client } from "../../../shared/contract/rpc.ts";
import type { SessionId } from "../../../shared/model/ids.ts";
import { isLive } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import { asMessage } from "../provider/claude/plan-claude-launch.ts";
import type { SessionRecord, Store } from "../store/store.ts";
import { isDialog } from "./asks.ts";
import { isMenuOpen } from "./read-status.ts";

/** A message that its hook has not confirmed by then did not arrive. */
const DELIVERY_MS = 5_000;
/** The status of a turn that was cut short comes within 0.1 s; a loaded laptop gets twenty times that. */
const INTERRUPT_MS = 2_000;
/** Empties the prompt, however many lines it has. In an empty one it does nothing but arm the exit, until the next key. */
const CTRL_C = "\u0003";

/** `isSynthetic`: the program gave itself the prompt. */
type PromptListener = (session: SessionId, prompt: string, isSynthetic: boolean) => void;

interface MessagesParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly host: () => Client<HostContract>;
}

/** What is typed into sessions in the person's or the supervisor's name, and whether it arrived. */
export class Messages {
  readonly #parts: MessagesParts;
  readonly #listeners = new Set<PromptListener>();
  /** Sessions that were sent an Esc and have taken up no message since. */
  readonly #interrupted = new Set<SessionId>();

  constructor(parts: MessagesParts) {
    this.#parts = parts;
  }

  /**
   * Pastes a message into the session's prompt and sends it. Resolves to whether its hook confirmed it in time.
   * Refused while a dialog is open, where keys would answer it.
   *
   * A turn that is cut short before it said anything puts its message back into the prompt, where the next one would be appended
   * to it (measured with 2.1.329): after an interruption the prompt is emptied first.
   */
  async send(id: SessionId, text: string): Promise<boolean> {
    this.#require(id);
    if (this.#interrupted.has(id)) await this.#untilCutShort(id);
    const session = this.#require(id);
    const { state } = session;
    const asks = this.#parts.store.asks.list({ isOpen: true, session: id });
    const ask = asks.find(isDialog) ?? asks[0];
    if (
      asks.some(isDialog) ||
      state === "needs-input" ||
      state === "unknown" ||
      state === "starting" ||
      isMenuOpen(session)
    ) {
      throw new SwitchyardError(
        "wrong-state",
        `${id} is ${ask ? "asking something" : state}, so a message typed now could answer an open dialog.`,
        ask
          ? `Answer it first: switchyard inbox show ${ask.id}`
          : "Open its pane and answer there, or wait until it works or is idle.",
      );
    }
    const message = pasteable(text);
    const confirmed = this.#confirmation(id, message);
    const emptying = state === "interrupted" ? CTRL_C : "";
    await this.#type(id, `${emptying}\u001b[200~${message}\u001b[201~\r`);
    return confirmed;
  }

  /** Sends Esc, which cuts the current turn short. */
  async interrupt(id: SessionId): Promise<void> {
    this.#require(id);
    this.#interrupted.add(id);
    await this.#type(id, "\u001b");
  }

  /** Calls the listener whenever a program has accepted a message, whoever sent it. Returns the way to stop. */
  onAccepted(listener: PromptListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A session's program said that it has taken up this message. */
  accepted(id: SessionId, prompt: string, isSynthetic = false): void {
    this.#interrupted.delete(id);
    for (const listener of this.#listeners) listener(id, prompt, isSynthetic);
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

  /** Until its state tells what became of the Esc, or it plainly changed nothing. */
  async #untilCutShort(id: SessionId): Promise<void> {
    const { store, clock } = this.#parts;
    const isCutShort = () => store.sessions.find(id)?.state !== "working";
    if (isCutShort()) return;
    const waiting = new AbortController();
    const told = new Promise<void>((resolve) => {
      const stop = store.onCommit(() => {
        if (isCutShort()) resolve();
      });
      waiting.signal.addEventListener("abort", stop);
    });
    const timeUp = clock.wait(INTERRUPT_MS, waiting.signal).catch(() => undefined);
    await Promise.race([told, timeUp]);
    waiting.abort(new Error("the interruption is settled"));
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

/** An embedded end of paste would let the rest of the text be typed as keys: nothing that steers a terminal stays in. */
function pasteable(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n").replaceAll("\u001b[201~", "");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
  return asMessage(lines.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ""));
}
