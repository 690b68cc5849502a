import { readFileSync, statSync } from "node:fs";
import { KeyFile } from "../../../shared/model/key-actions.ts";
import { type KeyPlan, planKeys } from "../../../shared/model/plan-keys.ts";
import { readYaml } from "./read-yaml.ts";

export interface KeysInForce extends KeyPlan {
  /** What is wrong with the file as it stands now. */
  readonly problem: string | null;
}

/** `keys.yaml`, read again whenever it is asked for. A file that goes wrong keeps its last good keys. */
export class KeysFile {
  readonly #file: string;
  #lastGood: NonNullable<KeyFile["keys"]> = {};

  constructor(file: string) {
    this.#file = file;
  }

  read(): KeysInForce {
    const problem = this.#take();
    return { ...planKeys(this.#lastGood), problem };
  }

  #take(): string | null {
    let text = "";
    try {
      if (statSync(this.#file, { throwIfNoEntry: false })) text = readFileSync(this.#file, "utf8");
    } catch (error) {
      return `${this.#file} cannot be read (${(error as NodeJS.ErrnoException).code}).`;
    }
    const reading = readYaml(this.#file, text, KeyFile);
    if (reading.kind === "bad") return reading.message;
    this.#lastGood = reading.value.keys ?? {};
    return null;
  }
}
