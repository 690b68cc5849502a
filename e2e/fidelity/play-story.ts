import assert from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import { SessionOutput } from "../../electron/terminal-host/session-output.ts";
import { unreachable } from "../../shared/model/unreachable.ts";
import { FIRST_SIZE, type Happening, WINDOWS } from "./arbitrary-story.ts";
import { FollowedWindow } from "./followed-window.ts";
import { Recording, Reference } from "./reference.ts";

const LOOK_EVERY_MS = 5;
const LIMIT_MS = 60_000;
const SCROLLED_LINES = 3;
let lastStory = 0;

// The window's turns are frames; here a frame is a few milliseconds.
globalThis.requestAnimationFrame ??= (run) => Number(setTimeout(() => run(performance.now()), 4));

/**
 * Lets a story happen to a session, as the terminal host keeps it, and to windows that follow it. Throws when a window ever shows
 * another screen than a terminal that had every byte, when the log is not what was printed, when a question of the program is
 * not answered once, or when a window types by itself.
 */
export async function playStory(story: readonly Happening[]): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "fidelity-"));
  try {
    await using session = new PlayedSession(folder);
    for (const happening of story) {
      await session.happen(happening);
      session.throwWrong();
    }
    await session.settle();
    session.throwWrong();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class PlayedSession implements AsyncDisposable {
  readonly #id = `story-${++lastStory}`;
  readonly #log: string;
  readonly #recording = new Recording(FIRST_SIZE);
  readonly #answers: string[] = [];
  readonly #wrong: unknown[] = [];
  readonly #output: SessionOutput;
  readonly #windows: FollowedWindow[];

  constructor(folder: string) {
    this.#log = path.join(folder, "output.log");
    this.#output = new SessionOutput({
      ...FIRST_SIZE,
      folder,
      type: (bytes) => {
        const text = Buffer.from(bytes).toString();
        if (text !== TYPED) this.#answers.push(text);
      },
      onFault: (error) => this.#wrong.push(error),
    });
    this.#windows = Array.from({ length: WINDOWS }, (_, number) => this.#openWindow(number));
  }

  async happen(happening: Happening): Promise<void> {
    switch (happening.kind) {
      case "print":
        for (const piece of happening.pieces) this.#print(piece);
        return;
      case "flood": {
        const bytes = Buffer.concat(Array.from({ length: happening.times }, () => happening.bytes));
        return this.#print(bytes);
      }
      case "wait":
        for (let turn = 0; turn < happening.turns; turn++) await nextTurn();
        return;
      case "wait-ms":
        await delay(happening.ms);
        return;
      case "resize":
        return this.#resize(happening);
      case "renew": {
        this.#window(happening.window)[Symbol.dispose]();
        this.#windows[happening.window] = this.#openWindow(happening.window);
        return;
      }
      case "show":
        return this.#window(happening.window).attach();
      case "hide":
        return this.#window(happening.window).detach();
      case "type":
        return this.#window(happening.window).type(TYPED);
      case "focus":
        return this.#window(happening.window).focus(happening.isOn);
      case "stand-still":
        return this.#window(happening.window).standStill(happening.isOn);
      case "read": {
        const { terminal } = this.#window(happening.window);
        if (happening.isOn) terminal.scrollLines(-SCROLLED_LINES);
        else terminal.scrollToBottom();
        return;
      }
      default:
        return unreachable(happening);
    }
  }

  /** Everything moves again until nothing more comes; then all of it is compared. */
  async settle(): Promise<void> {
    await this.#output.end();
    const { bytes } = this.#recording;
    assert(readFileSync(this.#log).equals(bytes), "the log is not what was printed");
    const shown = this.#output.shownBytes;
    for (const window of this.#windows) {
      window.attach();
      window.standStill(false);
      await this.#until(() => {
        // A screen that waits for a person who reads.
        window.terminal.scrollToBottom();
        return window.isUpToDate(shown);
      });
      window.lookAtAll(shown);
      assert.deepStrictEqual(window.typed, [], "a window typed by itself");
    }
    using reference = new Reference(this.#recording);
    reference.at(shown, this.#recording.sizes.length);
    assert.deepStrictEqual(
      this.#answers,
      reference.replies,
      "questions are not answered once each",
    );
  }

  throwWrong(): void {
    if (this.#wrong.length > 0) throw this.#wrong[0];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const window of this.#windows) window[Symbol.dispose]();
    await this.#output[Symbol.asyncDispose]();
  }

  #print(bytes: Uint8Array): void {
    this.#recording.print(bytes);
    this.#output.take(bytes);
  }

  #resize({ size, window }: Extract<Happening, { readonly kind: "resize" }>): void {
    const offset = this.#output.shownBytes;
    const before = this.#output.size;
    const isSame = before.cols === size.cols && before.rows === size.rows;
    if (isSame) return;
    if (window !== null) this.#window(window).resize(size);
    this.#recording.resize(offset, size);
    this.#output.resize(size.cols, size.rows);
  }

  #openWindow(number: number): FollowedWindow {
    const window = new FollowedWindow(
      `${this.#id}, window ${number}`,
      this.#output,
      this.#recording,
      FIRST_SIZE,
      (error) => this.#wrong.push(error),
    );
    window.attach();
    return window;
  }

  #window(number: number): FollowedWindow {
    const window = this.#windows[number];
    assert(window);
    return window;
  }

  async #until(isSo: () => boolean): Promise<void> {
    const endMs = performance.now() + LIMIT_MS;
    while (!isSo()) {
      this.throwWrong();
      assert(performance.now() < endMs, "a window never showed all there is");
      // What a window paints is no event outside of it.
      await delay(LOOK_EVERY_MS);
    }
  }
}

const TYPED = "k";
