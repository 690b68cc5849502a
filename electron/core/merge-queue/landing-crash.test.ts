import { spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EntryId } from "../../../shared/model/ids.ts";
import { runGit } from "../git/run-git.ts";
import { createTestRepository, putFiles, type TestRepository } from "../git/test-repository.ts";
import { auditTarget } from "./audit-target.ts";
import { check, fillQueue, openQueue, untilEntry } from "./queue-fixture.ts";

/*
 * A core is killed at every step of a landing of three entries as one, and at some steps of a search for the one of them that fails:
 * before each git it starts and after each transaction it commits. A counter in a file numbers the steps. `git` on its path is a script that counts, and kills its parent instead of running when its number
 * has come. Then a new core, in this process, settles what it finds.
 */

const fixtureUrl = new URL("./queue-fixture.ts", import.meta.url).href;
const CORE = `
  import { appendFileSync, readFileSync } from "node:fs";
  import { openQueue, untilEntry } from ${JSON.stringify(fixtureUrl)};
  const { STEPS, KILL_AT, CORE_HOME } = process.env;
  const { store, queue } = openQueue(CORE_HOME);
  const write = store.write;
  let depth = 0;
  store.write = (cause, work) => {
    depth += 1;
    try { return write(cause, work); } finally {
      depth -= 1;
      if (depth === 0) {
        const state = store.entries.find("q-1").state;
        appendFileSync(STEPS, "write " + state + "\\n");
        const count = readFileSync(STEPS, "utf8").split("\\n").length - 1;
        if (String(count) === KILL_AT) process.kill(process.pid, "SIGKILL");
      }
    }
  };
  await queue.settle(new AbortController().signal);
  const ids = store.entries.list({ isOpen: true }).map((entry) => entry.id);
  for (const id of ids)
    await untilEntry(store, id, ({ state }) => state === "landed" || state === "returned");
  await queue.dispose();
  store.close();
`;

const CHECK = "test -e a.txt";
const CHECK_TWO_FAILS = "test -e gone.txt";

let template: TestRepository;
let before: string;

beforeAll(async () => {
  template = await createTestRepository({ "a.txt": "a\n", "b.txt": "b\n", "gone.txt": "g\n" });
  const { folder, repo } = template;
  before = await template.oid("main");
  const heads = [
    await template.commitOn("switchyard/t-1", { "a.txt": "a\nmore\n", "new.txt": "new\n" }),
    await template.commitOn("switchyard/t-2", { "gone.txt": null }),
    await template.commitOn("switchyard/t-3", { "third.txt": "third\n" }),
  ];
  const { store } = openQueue(join(folder, "home"));
  fillQueue(store, repo.root, heads, { checks: [check(CHECK)] });
  store.close();
  // The same queue, of which the second fails.
  const searching = openQueue(join(folder, "searching"));
  fillQueue(searching.store, repo.root, heads, { checks: [check(CHECK_TWO_FAILS)] });
  searching.store.close();
  const real = realGit();
  mkdirSync(join(folder, "bin"));
  writeFileSync(
    join(folder, "bin", "git"),
    `#!/bin/sh
echo "git $*" >> "$STEPS"
n=0; while read -r line; do n=$((n+1)); done < "$STEPS"
[ "$n" -eq "$KILL_AT" ] && { kill -9 $PPID; exit 1; }
exec "${real}" "$@"
`,
  );
  chmodSync(join(folder, "bin", "git"), 0o755);
  cpSync(folder, `${folder}-kept`, { recursive: true });
});

afterAll(async () => {
  rmSync(`${template.folder}-kept`, { recursive: true, force: true });
  await template[Symbol.asyncDispose]();
});

function realGit(): string {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = folders.map((folder) => join(folder, "git")).find((file) => existsSync(file));
  if (!found) throw new Error("there is no git on the path");
  return found;
}

/** The repository, the store and the person's checkout as they were before anything ran. */
async function arrange(checkedOut: "main" | "elsewhere") {
  const { folder, repo } = template;
  rmSync(folder, { recursive: true, force: true });
  cpSync(`${folder}-kept`, folder, { recursive: true });
  if (checkedOut === "elsewhere") await template.git("checkout", "-q", "-b", "elsewhere");
  putFiles(repo.root, { "b.txt": "mine\n", "loose.txt": "loose\n" });
}

/** Runs a core until it has landed the entry or is killed at the given step; returns the steps it took. */
async function runCore(killAt: number, home = "home"): Promise<readonly string[]> {
  const { folder } = template;
  const steps = join(folder, "steps");
  rmSync(steps, { force: true });
  const core = spawn(process.execPath, ["--input-type=module", "-e", CORE], {
    env: {
      PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}`,
      STEPS: steps,
      KILL_AT: String(killAt),
      CORE_HOME: join(folder, home),
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  core.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  const signal = await new Promise<string | null>((resolve) => {
    core.on("close", (_code, by) => resolve(by));
  });
  const isAsWanted = signal === (killAt === 0 ? null : "SIGKILL");
  if (!isAsWanted) throw new Error(`the core ended by ${signal} at step ${killAt}: ${said}`);
  return readFileSync(steps, "utf8").trim().split("\n");
}

async function checkPerson(when: string) {
  const status = (await template.git("status", "--porcelain")).split("\n");
  const isWhole = status.includes(" M b.txt") && status.includes("?? loose.txt");
  expect({ when, isWhole, status }).toMatchObject({ isWhole: true });
  expect(readFileSync(join(template.repo.root, "b.txt"), "utf8")).toBe("mine\n");
  return status.filter((line) => line !== "" && line !== " M b.txt" && line !== "?? loose.txt");
}

async function recover(step: string, checkedOut: "main" | "elsewhere") {
  const now = await template.oid("main");
  const { store, queue } = openQueue(join(template.folder, "home"));
  const ids = store.entries.list().map(({ id }) => id);
  const last = store.entries.find(EntryId.parse("q-3"));
  expect([before, last?.candidate], step).toContain(now);
  await checkPerson(step);

  await queue.settle(new AbortController().signal);
  for (const id of ids) {
    const landed = await untilEntry(store, id, (each) => each.state === "landed");
    expect(store.tasks.find(landed.task), step).toMatchObject({ status: "landed" });
  }
  await queue.dispose();
  expect(store.landings.listOpen(), step).toEqual([]);
  const tip = store.entries.find(EntryId.parse("q-3"))?.candidate;
  store.close();

  expect(await template.oid("main"), step).toBe(tip);
  const audit = auditTarget(template.repo.root, template.folder, CHECK);
  expect(audit, step).toEqual({ red: [], landed: ["q-1", "q-2", "q-3"] });
  expect(await template.git("rev-list", "--first-parent", "--count", "main"), step).toBe("4\n");
  expect(await checkPerson(step), step).toEqual([]);
  if (checkedOut === "main") {
    expect(existsSync(join(template.repo.root, "gone.txt")), step).toBe(false);
  }
  expect(await template.git("for-each-ref", "refs/switchyard/cand"), step).toBe("");
  expect((await template.git("worktree", "list")).trim().split("\n"), step).toHaveLength(2);
  const locks = await runGit(template.repo.commonDir, ["rev-parse", "--git-path", "index.lock"]);
  expect(existsSync(join(template.repo.commonDir, locks.stdout.trim())), step).toBe(false);
}

test("killed while it looks for the one that fails, a core lands the others and returns that one alone", {
  timeout: 1_800_000,
}, async () => {
  await arrange("elsewhere");
  const steps = await runCore(0, "searching");
  for (const [at, step] of steps.entries()) {
    if (at % 23 !== 11) continue;
    await arrange("elsewhere");
    await runCore(at + 1, "searching");
    const when = `killed at step ${at + 1} of ${steps.length}: ${step}`;
    const { store, queue } = openQueue(join(template.folder, "searching"));
    await queue.settle(new AbortController().signal);
    const states = [];
    for (const id of ["q-1", "q-2", "q-3"].map((each) => EntryId.parse(each))) {
      const ended = await untilEntry(store, id, ({ state }) => /landed|returned/.test(state));
      states.push(ended.state);
    }
    await queue.dispose();
    store.close();
    expect(states, when).toEqual(["landed", "returned", "landed"]);
    const audit = auditTarget(template.repo.root, template.folder, CHECK_TWO_FAILS);
    expect(audit, when).toEqual({ red: [], landed: ["q-1", "q-3"] });
    await checkPerson(when);
  }
});

for (const checkedOut of ["main", "elsewhere"] as const) {
  const where = checkedOut === "main" ? "a target that is checked out" : "a target that is not";
  test(`killed at any step, a core lands ${where} exactly once`, {
    timeout: 1_800_000,
  }, async () => {
    await arrange(checkedOut);
    const steps = await runCore(0);
    const landing = steps.indexOf("write landing");
    const landed = steps.indexOf("write landed");
    expect(landing).toBeGreaterThan(0);
    expect(landed).toBeGreaterThan(landing);
    for (const [at, step] of steps.entries()) {
      // What comes before is done again from the start, and what comes after only tidies: some of those steps, and every one of the landing.
      if ((at < landing || at > landed) && at % 24 !== 0) continue;
      await arrange(checkedOut);
      await runCore(at + 1);
      await recover(`killed at step ${at + 1} of ${steps.length}: ${step}`, checkedOut);
    }
  });
}
