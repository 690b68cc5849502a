import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runGit } from "../../git/run-git.ts";
import { createRunGh, type RunGh } from "../../process/run-gh.ts";

/** A pull request as the program keeps it. */
interface KeptPull {
  readonly number: number;
  readonly state: "OPEN" | "MERGED" | "CLOSED";
  readonly head: string;
  readonly base: string;
  readonly headRefOid: string;
  readonly isCrossRepository: boolean;
  readonly mergeCommit: { readonly oid: string } | null;
  readonly mergeable?: "MERGEABLE" | "CONFLICTING" | "UNKNOWN";
  readonly url: string;
  readonly title: string;
  readonly body: string;
}

/** Keeps pull requests in a file beside its settings, and the heads of branches as a bare repository has them. */
const PROGRAM = `
const { appendFileSync, existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const home = process.env.GH_CONFIG_DIR;
const read = (name, otherwise) => existsSync(join(home, name)) ? JSON.parse(readFileSync(join(home, name), "utf8")) : otherwise;
const args = process.argv.slice(2);
appendFileSync(join(home, "calls.log"), JSON.stringify(args) + "\\n");
const fault = read("fault.json", null);
const fail = (code, said) => { process.stderr.write(said + "\\n"); process.exit(code); };
const isMet = fault && (fault.verb === undefined || fault.verb === args[1]);
if (isMet && fault.isBefore) fail(fault.code, fault.said);
const valueOf = (name) => { const found = args.find((arg) => arg.startsWith("--" + name + "=")); return found && found.slice(name.length + 3); };
const { bare } = read("place.json");
const headOf = (branch) => { try { return readFileSync(join(bare, "refs/heads", branch), "utf8").trim(); } catch { return ""; } };
const pulls = read("pulls.json", []).map((pull) => pull.state === "OPEN" ? { ...pull, headRefOid: headOf(pull.head) || pull.headRefOid } : pull);
const only = (pull) => Object.fromEntries(valueOf("json").split(",").map((name) => [name, pull[name]]));
const verb = args[1];
const which = args.slice(2).find((arg) => !arg.startsWith("--"));
if (verb === "list") {
  const listed = pulls.filter((pull) => pull.head === valueOf("head") && pull.base === valueOf("base"));
  process.stdout.write(JSON.stringify(listed.map(only)));
} else if (verb === "view") {
  const pull = pulls.find((one) => String(one.number) === which);
  if (!pull) fail(1, "GraphQL: Could not resolve to a PullRequest with the number of " + which);
  process.stdout.write(JSON.stringify(only(pull)));
} else if (verb === "create") {
  const [head, base] = [valueOf("head"), valueOf("base")];
  const open = pulls.find((pull) => pull.state === "OPEN" && pull.head === head && pull.base === base && !pull.isCrossRepository);
  if (open) fail(1, 'a pull request for branch "' + head + '" into branch "' + base + '" already exists:\\n' + open.url);
  const number = pulls.length + 1;
  const url = "https://github.com/acme/app/pull/" + number;
  const made = { number, url, head, base, headRefOid: headOf(head), state: "OPEN", isCrossRepository: false, mergeCommit: null, title: valueOf("title"), body: valueOf("body") };
  writeFileSync(join(home, "pulls.json"), JSON.stringify([...pulls, made]));
  if (isMet) fail(fault.code, fault.said);
  process.stdout.write(url + "\\n");
} else fail(1, "unknown command " + verb);
if (isMet) fail(fault.code, fault.said);
`;

/** For tests only: a program in the place of `gh`, for a repository that it takes for the one at GitHub. */
export interface GhFixture {
  readonly runGh: RunGh;
  readonly bare: string;
  pulls(): readonly KeptPull[];
  /** What it was asked, by its verbs. */
  verbs(): readonly string[];
  /** From now on it fails, at a verb or at all, before it does anything or after; null: no more. */
  fail(
    fault: {
      readonly code: number;
      readonly said: string;
      readonly verb?: string;
      readonly isBefore?: boolean;
    } | null,
  ): void;
  change(number: number, patch: Partial<KeptPull>): void;
  add(pull: Pick<KeptPull, "head" | "base"> & Partial<KeptPull>): void;
  /** As GitHub merges it: on the target there alone. */
  merge(number: number, how: "merge" | "squash" | "rebase"): Promise<string>;
  git(...args: readonly string[]): Promise<string>;
}

export function createGh(folder: string, bare: string): GhFixture {
  const home = join(folder, "gh");
  mkdirSync(home, { recursive: true });
  const put = (name: string, value: unknown) =>
    writeFileSync(join(home, name), JSON.stringify(value));
  put("place.json", { bare });
  writeFileSync(join(home, "program.cjs"), PROGRAM);
  const start = `#!/bin/sh\nexec '${process.execPath}' '${join(home, "program.cjs")}' "$@"\n`;
  writeFileSync(join(home, "gh"), start);
  chmodSync(join(home, "gh"), 0o755);
  const read = (name: string) =>
    existsSync(join(home, name)) ? readFileSync(join(home, name), "utf8") : "";
  // The program writes nothing else there.
  const pulls = () => JSON.parse(read("pulls.json") || "[]") as readonly KeptPull[];
  const git = async (...args: readonly string[]) => (await runGit(bare, args)).stdout.trim();
  const change = (number: number, patch: Partial<KeptPull>) =>
    put(
      "pulls.json",
      pulls().map((pull) => (pull.number === number ? { ...pull, ...patch } : pull)),
    );
  return {
    runGh: createRunGh({ PATH: `${home}:${process.env.PATH ?? ""}`, GH_CONFIG_DIR: home }),
    bare,
    pulls,
    verbs: () =>
      read("calls.log")
        .split("\n")
        .filter(Boolean)
        .map((line) => String(JSON.parse(line)[1])),
    fail: (fault) => put("fault.json", fault),
    change,
    add: (pull) => {
      const number = pulls().length + 1;
      const url = `https://github.com/acme/app/pull/${number}`;
      const plain = { isCrossRepository: false, mergeCommit: null, title: "", body: "" };
      const made = { number, url, state: "OPEN", headRefOid: "", ...plain, ...pull };
      put("pulls.json", [...pulls(), made]);
    },
    async merge(number, how) {
      const pull = pulls().find((each) => each.number === number);
      if (!pull) throw new Error(`there is no pull request ${number}`);
      const [base, head] = [`refs/heads/${pull.base}`, `refs/heads/${pull.head}`];
      const tree = await git("merge-tree", "--write-tree", base, head);
      const person = ["-c", "user.name=GitHub", "-c", "user.email=noreply@example.com"];
      const commit = (what: string, onto: readonly string[], text: string) =>
        git(...person, "commit-tree", what, ...onto.flatMap((one) => ["-p", one]), "-m", text);
      let oid = base;
      if (how === "rebase") {
        // Of a branch that began where the target is.
        const own = (await git("log", "--reverse", "--format=%H %s", `${base}..${head}`)).split(
          "\n",
        );
        for (const line of own)
          oid = await commit(`${line.slice(0, 40)}^{tree}`, [oid], line.slice(41));
      } else {
        const onto = how === "merge" ? [base, head] : [base];
        oid = await commit(tree, onto, `${pull.title} (#${number})`);
      }
      await git("update-ref", base, oid);
      const headRefOid = await git("rev-parse", head);
      change(number, { state: "MERGED", headRefOid, mergeCommit: { oid } });
      return oid;
    },
    git,
  };
}
