import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ApiMessage } from "./call-model.ts";

/** A conversation on disk, `projects/<folder>/<id>.jsonl`, one message a line. */
export class Transcript {
  readonly path: string;
  readonly #conversation: string;

  constructor(configFolder: string, conversation: string) {
    const folder = process.cwd().replace(/[^A-Za-z0-9]/g, "-");
    this.path = join(configFolder, "projects", folder, `${conversation}.jsonl`);
    this.#conversation = conversation;
  }

  exists(): boolean {
    return existsSync(this.path);
  }

  read(): ApiMessage[] {
    const lines = readFileSync(this.path, "utf8").trim().split("\n");
    // These are the lines that `append` wrote.
    return lines.map((line) => (JSON.parse(line) as { message: ApiMessage }).message);
  }

  append(message: ApiMessage, more: object = {}): void {
    mkdirSync(dirname(this.path), { recursive: true });
    const line = {
      type: message.role,
      message,
      sessionId: this.#conversation,
      cwd: process.cwd(),
      isSidechain: false,
      timestamp: new Date().toISOString(),
      uuid: crypto.randomUUID(),
      ...more,
    };
    appendFileSync(this.path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  }
}
