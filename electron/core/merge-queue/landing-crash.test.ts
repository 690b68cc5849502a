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
import { runGit } from "../git/run-git.ts";
import { createTestRepository, putFiles, type TestRepository } from "../git/test-repository.ts";
import { fillQueue, openQueue, untilEntry } from "./queue-fixture.ts";

/*
 * A core is killed at every step of a landing: before each git it starts and after each transaction it commits. A counter in a
 * file numbers the steps. `git` on its path is a script that counts, and kills its parent instead of running when its number
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
        const { state } = store.entries.list()[0];
        appendFileSync(STEPS, "write " + state + "\\n");
        const count = readFileSync(STEPS, "utf8").split("\\n").length - 1;
        if (String(count) === KILL_AT) process.kill(process.pid, "SIGKILL");
      }
    }
  };
  await queue.settle(new AbortController().signal);
  await untilEntry(store, store.entries.list()[0].id, (entry) => entry.state === "landed");
  await queue.dispose();
  store.close();
`;

let template: TestRepository;
let before: string;

beforeAll(async () => {
  template = await createTestRepository({ "a.txt": "a\n", "b.txt": "b\n", "gone.txt": "g\n" });
  const { folder, repo } = template;
  before = await template.oid("main");
  const head = await template.commitOn("switchyard/t-1", {
    "a.txt": "a\nmore\n",
    "new.txt": "new\n",
    "gone.txt": null,
  });
  const { store } = openQueue(join(folder, "home"));
  fillQueue(store, repo.root, head);
  store.close();
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
async function runCore(killAt: number): Promise<readonly string[]> {
  const { folder } = template;
  const steps = join(folder, "steps");
  rmSync(steps, { force: true });
  const core = spawn(process.execPath, ["--input-type=module", "-e", CORE], {
    env: {
      PATH: `${join(folder, "bin")}${delimiter}${process.env.PATH}`,
      STEPS: steps,
      KILL_AT: String(killAt),
      CORE_HOME: join(folder, "home"),
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
  const [entry] = store.entries.list();
  if (!entry) throw new Error("the entry is lost");
  expect([before, entry.candidate], step).toContain(now);
  await checkPerson(step);

  await queue.settle(new AbortController().signal);
  const landed = await untilEntry(store, entry.id, (each) => each.state === "landed");
  await queue.dispose();
  expect(store.landings.listOpen(), step).toEqual([]);
  expect(store.tasks.find(landed.task), step).toMatchObject({ status: "landed" });
  store.close();

  expect(await template.oid("main"), step).toBe(landed.candidate);
  const trailers = await template.git("log", "--format=%(trailers:key=Switchyard-Entry)", "main");
  expect(trailers.match(/Switchyard-Entry: q-1/g), step).toHaveLength(1);
  expect(await template.git("rev-list", "--first-parent", "--count", "main"), step).toBe("2\n");
  expect(await checkPerson(step), step).toEqual([]);
  if (checkedOut === "main") {
    expect(existsSync(join(template.repo.root, "gone.txt")), step).toBe(false);
  }
  expect(await template.git("for-each-ref", "refs/switchyard/cand"), step).toBe("");
  expect((await template.git("worktree", "list")).trim().split("\n"), step).toHaveLength(2);
  const locks = await runGit(template.repo.commonDir, ["rev-parse", "--git-path", "index.lock"]);
  expect(existsSync(join(template.repo.commonDir, locks.stdout.trim())), step).toBe(false);
}

for (const checkedOut of ["main", "elsewhere"] as const) {
  const where = checkedOut === "main" ? "a target that is checked out" : "a target that is not";
  test(`killed at any step, a core lands ${where} exactly once`, { timeout: 600_000 }, async () => {
    await arrange(checkedOut);
    const steps = await runCore(0);
    const landing = steps.indexOf("write landing");
    expect(landing).toBeGreaterThan(0);
    for (const [at, step] of steps.entries()) {
      // What comes before is done again from the start: some of those steps, and every one of the landing.
      if (at < landing && at % 8 !== 0) continue;
      await arrange(checkedOut);
      await runCore(at + 1);
      await recover(`killed at step ${at + 1} of ${steps.length}: ${step}`, checkedOut);
    }
  });
}
