import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askGit, tryGit } from "./ask-git.ts";

/** A check that hangs says nothing. */
const CHECK_MS = 300_000;

/** A clone of a repository, away from its checkouts, its hooks and its settings. */
export class CleanClone implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "switchyard-clone-"));
  readonly #path = join(this.#folder, "clone");
  readonly #known = new Map<string, boolean>();
  readonly #repository: string;

  constructor(repository: string) {
    this.#repository = repository;
    askGit(this.#folder, "clone", "-q", "--no-hardlinks", "--no-checkout", repository, this.#path);
  }

  /** Whether each of these commands passes on the files of this commit. The same files are asked about once. */
  passes(commit: string, commands: readonly (readonly string[])[]): boolean {
    const tree = askGit(this.#repository, "rev-parse", "--verify", `${commit}^{tree}`).trim();
    const key = JSON.stringify([tree, commands]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#checkOut(commit);
    const isGreen = commands.every(([program = "false", ...args]) => {
      const options = { cwd: this.#path, stdio: "ignore", timeout: CHECK_MS } as const;
      return spawnSync(program, args, options).status === 0;
    });
    this.#known.set(key, isGreen);
    return isGreen;
  }

  #checkOut(commit: string): void {
    if (tryGit(this.#path, "cat-file", "-e", `${commit}^{commit}`) === null) {
      askGit(this.#path, "fetch", "-q", "origin", commit);
    }
    askGit(this.#path, "checkout", "-q", "--force", "--detach", commit);
    askGit(this.#path, "clean", "-ffdxq");
    if (!existsSync(join(this.#path, ".gitmodules"))) return;
    const allow = ["-c", "protocol.file.allow=always"];
    askGit(this.#path, ...allow, "submodule", "--quiet", "update", "--init", "--recursive");
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
