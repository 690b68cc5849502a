import { spawn } from "node:child_process";
import { configFolder } from "./auth.ts";
import { Conversation } from "./conversation.ts";
import { Gauges } from "./gauges.ts";
import { Hooks } from "./hooks.ts";
import { Keyboard, type KeyEvent } from "./keyboard.ts";
import type { SessionLine } from "./read-command-line.ts";
import type { Fault } from "./read-fault.ts";
import { Screen } from "./screen.ts";
import { SessionFile } from "./session-file.ts";
import { readToolServers, type ToolServer } from "./tool-server.ts";
import { Transcript } from "./transcript.ts";
import { VERSION } from "./version.ts";

/** An interactive session in the terminal it was started in. Resolves to its exit code. */
export async function runSession(line: SessionLine, fault: Fault): Promise<number> {
  const transcript = new Transcript(configFolder(process.env), line.conversation);
  if (line.isResumed && !transcript.exists()) {
    console.error(`No conversation found with session ID: ${line.conversation}`);
    return 1;
  }
  if (!line.isResumed && (transcript.exists() || fault.kind === "id-in-use")) {
    console.error(`Error: Session ID ${line.conversation} is already in use.`);
    return 1;
  }
  return await new InteractiveSession(line, transcript, fault).run();
}

interface End {
  readonly code: number;
  /** What a SessionEnd hook is told. */
  readonly reason: string;
}

class InteractiveSession {
  readonly #line: SessionLine;
  readonly #transcript: Transcript;
  readonly #fault: Fault;
  readonly #screen: Screen;
  readonly #hooks: Hooks;
  readonly #file: SessionFile;
  readonly #gauges: Gauges;
  readonly #ended = Promise.withResolvers<End>();
  readonly #queue: string[] = [];
  #wake = Promise.withResolvers<void>();
  #turn: AbortController | null = null;
  #answer: ((isYes: boolean) => void) | null = null;
  #typed = "";
  #isLeaving = false;
  #toolCalls = 0;

  constructor(line: SessionLine, transcript: Transcript, fault: Fault) {
    this.#line = line;
    this.#transcript = transcript;
    this.#fault = fault;
    this.#screen = new Screen(line.name);
    this.#gauges = new Gauges(line);
    this.#file = new SessionFile(configFolder(process.env), VERSION, line);
    const common = () => ({
      session_id: line.conversation,
      transcript_path: transcript.path,
      cwd: process.cwd(),
      version: VERSION,
      permission_mode: line.permissionMode,
    });
    const settings = fault.kind === "no-hooks" ? null : line.settings;
    this.#hooks = new Hooks(settings, common, (trouble) => this.#screen.print(trouble));
  }

  async run(): Promise<number> {
    this.#listen();
    this.#screen.open();
    this.#screen.print(`Stand-in for Claude Code ${VERSION} · ${process.cwd()}`);
    this.#file.write("idle");
    const stopped = new AbortController();
    const playing = this.#play(stopped.signal).catch((error: unknown) => {
      this.#screen.print(`The stand-in broke: ${error}`);
      this.#ended.resolve({ code: 1, reason: "other" });
    });

    const end = await this.#ended.promise;
    this.#file.leave();
    stopped.abort();
    this.#turn?.abort();
    this.#wake.resolve();
    await playing;
    await this.#hooks.fire("SessionEnd", { reason: end.reason });
    this.#file.remove();
    this.#screen.close();
    console.log(`Resume this session with:\nclaude --resume ${this.#line.conversation}`);
    return end.code;
  }

  async #play(stopped: AbortSignal): Promise<void> {
    const { isResumed, model, prompt, mcpConfig } = this.#line;
    const source = isResumed ? "resume" : "startup";
    await this.#hooks.fire("SessionStart", { source, model });
    await this.#hooks.showStatus(this.#gauges.read());
    if (this.#fault.kind === "children") leaveChildren(this.#fault.seconds);
    if (this.#fault.kind === "flood") await this.#screen.flood(this.#fault.bytes);

    const servers = readToolServers(mcpConfig);
    const toolNames = await Promise.all(servers.map((server) => this.#connect(server, stopped)));
    const conversation = new Conversation({
      line: this.#line,
      screen: this.#screen,
      hooks: this.#hooks,
      file: this.#file,
      transcript: this.#transcript,
      gauges: this.#gauges,
      servers,
      toolNames: toolNames.flat(),
      askPerson: (signal) => this.#askPerson(signal),
      onToolCall: () => this.#countToolCall(),
    });
    if (prompt !== null) this.#queue.unshift(prompt);
    while (!stopped.aborted) {
      const next = this.#queue.shift();
      if (next === undefined) {
        await this.#wake.promise;
        this.#wake = Promise.withResolvers();
        continue;
      }
      this.#turn = new AbortController();
      await conversation.playTurn(next, AbortSignal.any([stopped, this.#turn.signal]));
      this.#turn = null;
    }
  }

  /** A session goes on without a tool server that it cannot reach. */
  async #connect(server: ToolServer, signal: AbortSignal): Promise<readonly string[]> {
    try {
      return await server.connect(VERSION, signal);
    } catch (error) {
      this.#screen.print(`The tool server ${server.name} cannot be used: ${error}`);
      return [];
    }
  }

  #countToolCall(): void {
    this.#toolCalls++;
    if (this.#fault.kind === "crash-after" && this.#toolCalls >= this.#fault.toolCalls)
      process.kill(process.pid, "SIGKILL");
  }

  #askPerson(signal: AbortSignal): Promise<boolean> {
    return new Promise<boolean>((resolve, reject) => {
      this.#answer = resolve;
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    }).finally(() => {
      this.#answer = null;
    });
  }

  #listen(): void {
    const { stdin } = process;
    if (stdin.isTTY) stdin.setRawMode(true);
    const keyboard = new Keyboard();
    stdin.on("data", (bytes) => {
      for (const event of keyboard.read(bytes)) this.#press(event);
    });
    const end = (code: number) => () => this.#ended.resolve({ code, reason: "other" });
    // As a shell would report them: 128 and the signal's number.
    process.on("SIGTERM", this.#fault.kind === "ignore-term" ? () => {} : end(143));
    process.on("SIGHUP", this.#fault.kind === "ignore-term" ? () => {} : end(129));
    process.on("SIGINT", end(0));
  }

  #press(event: KeyEvent): void {
    if (this.#answer) {
      this.#answerWith(event);
      return;
    }
    const isLeaving = event.kind === "interrupt" || (event.kind === "end" && this.#typed === "");
    switch (event.kind) {
      case "text":
        this.#typed += event.text;
        break;
      case "erase":
        this.#typed = this.#typed.slice(0, -1);
        break;
      case "clear":
        this.#typed = "";
        break;
      case "enter":
        this.#submit();
        break;
      case "escape":
        this.#turn?.abort();
        break;
      case "interrupt":
      case "end":
        if (event.kind === "interrupt" && this.#turn) this.#turn.abort();
        else if (isLeaving && this.#isLeaving)
          this.#ended.resolve({ code: 0, reason: "prompt_input_exit" });
        break;
    }
    this.#isLeaving = isLeaving;
    this.#screen.showInput(this.#typed);
  }

  #answerWith(event: KeyEvent): void {
    const isYes = event.kind === "enter" || (event.kind === "text" && /^[1y]/i.test(event.text));
    const isNo = event.kind === "escape" || (event.kind === "text" && /^[2n]/i.test(event.text));
    if (isYes || isNo) this.#answer?.(isYes);
  }

  #submit(): void {
    const message = this.#typed;
    this.#typed = "";
    if (message.trim() === "") return;
    if (message.trim() === "/exit") this.#ended.resolve({ code: 0, reason: "prompt_input_exit" });
    else this.#queue.push(message);
    this.#wake.resolve();
  }
}

function leaveChildren(seconds: number): void {
  const sleep = `sleep ${seconds}`;
  const script = `setsid ${sleep} & nohup ${sleep} & env -i PATH=/usr/bin:/bin setsid ${sleep} &`;
  spawn("/bin/sh", ["-c", script], { stdio: "ignore" });
}
