import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { Random } from "../random.ts";

const run = promisify(execFile);
const LEAST_PAUSE_MS = 20;
const MOST_PAUSE_MS = 300;
/** Of so many acts one is a clean-up of the whole repository, which takes as long as all the others. */
const GC_EVERY = 12;
const OWN_FILE = "b.txt";

/** A person who works in the checkout while cores come and die, by git itself. What git refuses them they leave. */
export class RacingPerson {
  readonly commits: string[] = [];
  readonly did: Record<string, number> = {};
  readonly #root: string;
  readonly #random: Random;
  #isLeaving = false;
  #edits = 0;
  #tries = 0;
  readonly #ended: Promise<void>;

  constructor(root: string, random: Random) {
    this.#root = root;
    this.#random = random;
    this.#ended = this.#work();
  }

  /** Resolves when nothing of theirs runs any more. */
  leave(): Promise<void> {
    this.#isLeaving = true;
    return this.#ended;
  }

  /** What of theirs is not as they left it. */
  async judge(): Promise<readonly string[]> {
    const wrong: string[] = [];
    if (readFileSync(path.join(this.#root, OWN_FILE), "utf8") !== this.#text()) {
      wrong.push("I5: the person's change is gone");
    }
    for (const commit of this.commits) {
      const isKept = await this.#try("merge-base", "--is-ancestor", commit, "refs/heads/main");
      if (isKept === null) wrong.push(`I4: the person's commit ${commit} is not on the target`);
    }
    const status = ((await this.#try("status", "--porcelain")) ?? "").split("\n").filter(Boolean);
    const own = [` M ${OWN_FILE}`, "?? loose.txt"];
    const foreign = status.filter((line) => !own.includes(line));
    if (foreign.length > 0) wrong.push(`I5: the person's status says ${foreign.join(", ")}`);
    if ((await this.#try("stash", "list")) !== "") wrong.push("I5: there is a stash");
    return wrong;
  }

  async #work(): Promise<void> {
    while (!this.#isLeaving) {
      await new Promise((resolve) => {
        setTimeout(resolve, this.#random.between(LEAST_PAUSE_MS, MOST_PAUSE_MS));
      });
      if (this.#isLeaving) return;
      const usual = this.#random.pick(["commit", "edit", "switch"] as const) ?? "edit";
      const act = this.#random.between(1, GC_EVERY) === 1 ? "gc" : usual;
      if (await this.#do(act)) this.did[act] = (this.did[act] ?? 0) + 1;
    }
  }

  async #do(act: "commit" | "edit" | "switch" | "gc"): Promise<boolean> {
    switch (act) {
      case "edit":
        this.#edits += 1;
        writeFileSync(path.join(this.#root, OWN_FILE), this.#text());
        return true;
      case "switch": {
        const isOnMain = (await this.#try("symbolic-ref", "HEAD")) === "refs/heads/main";
        return (await this.#try("checkout", "-q", isOnMain ? "elsewhere" : "main")) !== null;
      }
      case "gc":
        return (await this.#try("gc", "--quiet", "--prune=now")) !== null;
      case "commit":
        return await this.#commit();
    }
  }

  /** On the target, wherever the checkout is: git alone sees to it that nothing which lands meanwhile is lost. */
  async #commit(): Promise<boolean> {
    const before = await this.#try("rev-parse", "refs/heads/main");
    if (before === null) return false;
    this.#tries += 1;
    const name = `person-${this.#tries}`;
    const isOnMain = (await this.#try("symbolic-ref", "HEAD")) === "refs/heads/main";
    if (isOnMain) {
      // An empty one: what a landing that was cut short left in the index must not become the person's.
      const made = await this.#try("commit", "-q", "--allow-empty", "--only", "-m", name);
      if (made === null) return false;
      const commit = await this.#try("rev-list", "-1", `--grep=^${name}$`, "refs/heads/main");
      if (commit) this.commits.push(commit);
      return true;
    }
    const commit = await this.#try("commit-tree", `${before}^{tree}`, "-p", before, "-m", name);
    if (commit === null) return false;
    const isMoved = await this.#try("update-ref", "-m", name, "refs/heads/main", commit, before);
    if (isMoved === null) return false;
    this.commits.push(commit);
    return true;
  }

  #text(): string {
    return this.#edits === 0 ? "mine\n" : `mine ${this.#edits}\n`;
  }

  /** Null where git refuses. */
  async #try(...args: readonly string[]): Promise<string | null> {
    try {
      const { stdout } = await run("git", ["-C", this.#root, ...args]);
      return stdout.replace(/\n$/, "");
    } catch (error) {
      if (typeof (error as { code?: unknown }).code === "number") return null;
      throw error;
    }
  }
}
