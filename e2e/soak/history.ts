import { appendFileSync } from "node:fs";
import type { AppContract } from "../../shared/contract/app-contract.ts";
import type { CallName, Input, Output } from "../../shared/contract/rpc.ts";

export type AppCall = CallName<AppContract>;

/** One line of a recorded run, in the order in which things happened to the one who drove it. */
export type HistoryLine =
  | { readonly kind: "asked"; readonly op: number; readonly call: AppCall; readonly input: unknown }
  | { readonly kind: "answered"; readonly op: number; readonly output: unknown }
  | { readonly kind: "refused"; readonly op: number; readonly code: string; readonly text: string }
  /** No answer came: the core was killed or stood still. It may have been done or not. */
  | { readonly kind: "unsure"; readonly op: number; readonly text: string }
  | { readonly kind: "fault"; readonly fault: string; readonly target: string };

/** `seq` counts from 1; `atMs` is monotonic, from the start of the run. */
export type Recorded = HistoryLine & { readonly seq: number; readonly atMs: number };

/** Keeps every line in memory, and in `file` as it comes, so that a run that is cut short can still be read. */
export class History {
  readonly lines: Recorded[] = [];
  readonly #file: string;
  readonly #startedMs = performance.now();
  #ops = 0;

  constructor(file: string) {
    this.#file = file;
  }

  asked<N extends AppCall>(call: N, input: Input<AppContract, N>): number {
    this.#ops += 1;
    this.#add({ kind: "asked", op: this.#ops, call, input });
    return this.#ops;
  }

  answered<N extends AppCall>(op: number, output: Output<AppContract, N>): void {
    this.#add({ kind: "answered", op, output });
  }

  refused(op: number, code: string, text: string): void {
    this.#add({ kind: "refused", op, code, text });
  }

  unsure(op: number, text: string): void {
    this.#add({ kind: "unsure", op, text });
  }

  fault(fault: string, target: string): void {
    this.#add({ kind: "fault", fault, target });
  }

  /** How often this fault was made. */
  count(fault: string): number {
    return this.lines.filter((line) => line.kind === "fault" && line.fault === fault).length;
  }

  #add(line: HistoryLine): void {
    const recorded: Recorded = {
      ...line,
      seq: this.lines.length + 1,
      atMs: Math.round(performance.now() - this.#startedMs),
    };
    this.lines.push(recorded);
    appendFileSync(this.#file, `${JSON.stringify(recorded)}\n`);
  }
}
