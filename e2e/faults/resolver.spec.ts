import path from "node:path";
import { runGit } from "../../demo/run-git.ts";
import { createScriptedModel } from "../../demo/scripted-model/create-scripted-model.ts";
import type { PlainScriptStep } from "../../demo/scripted-model/step.ts";
import { createAppHome } from "../app-home.ts";
import { command } from "../drive-by-command-line.ts";
import { expect, test } from "../fixtures.ts";
import { startCore } from "../running-core.ts";
import { bash, call, nextOfKind, PATIENCE, prepareWork } from "../with-worker.ts";

const FILE = "sum.test.js";
const tests = (...names: string[]) => names.map((name) => `test("${name}", sum);\n`).join("");
const write = (...names: string[]): PlainScriptStep[] => [
  { write: { path: FILE, content: tests(...names) } },
  bash(`git add ${FILE} && git commit -q -m "${names.join(" and ")}"`),
];
const done = (summary: string) => call("task_done", { summary });

/** What each of the three is told first, and what its model then does. */
const rules = [
  {
    prompt: "Resolve: Ours",
    steps: [
      bash("git merge -q main"),
      { read: FILE },
      // The easy way out: its own side alone.
      ...write("ours"),
      done("Kept ours."),
      ...write("theirs", "ours"),
      done("Kept both."),
    ],
  },
  // It does not understand what it is told: the same work once more.
  {
    prompt: "Your branch cannot land",
    steps: [bash("git commit -q --allow-empty -m Again"), done("Tried again.")],
  },
  { prompt: "task t-\\d+: Theirs", steps: [...write("theirs"), done("Theirs.")] },
  {
    prompt: "task t-\\d+: Ours",
    steps: [...write("ours"), call("ask", { question: "Go on?" }), done("Ours.")],
  },
];

test("work that came back twice is resolved by a worker of its own, which may not give up the other side's test", async () => {
  test.setTimeout(600_000);
  await using home = await createAppHome({});
  const model = createScriptedModel({ scenario: { rules } });
  await model.listen(0);
  const core = await startCore(home);
  const create = (title: string) => command(home, "task", "create", title, "--project", "app");
  const statusOf = async (task: string) => (await command(home, "task", "show", task)).status;
  const untilLanded = (task: string) =>
    expect.poll(() => statusOf(task), { ...PATIENCE, timeout: 420_000 }).toBe("landed");
  try {
    await prepareWork(home, model.url, { token: "switchyard-resolver-token", cap: 2 });
    const ours = await create("Ours");
    // It has its worktree, and has begun from a target without the other one's work.
    const question = await nextOfKind(home, "question");
    await untilLanded((await create("Theirs")).id);
    await command(home, "inbox", "answer", question.id, "Yes");

    await untilLanded(ours.id);
    const repository = path.join(home.workFolder, "app");
    const read = (branch: string) => runGit(repository, "show", `${branch}:${FILE}`).trim();
    expect(read("main")).toBe(tests("theirs", "ours").trim());
    const all: { readonly id: string; readonly title: string }[] = await command(
      home,
      "task",
      "list",
      "--project",
      "app",
    );
    const resolver = all.find(({ title }) => title === "Resolve: Ours");
    if (!resolver) throw new Error("a resolver was at work");
    await untilLanded(resolver.id);
    const { branch } = await command(home, "task", "show", ours.id);
    expect(read(branch)).toBe(tests("ours").trim());
    const events: { readonly kind: string; readonly data: { readonly why?: string } }[] =
      await command(home, "events");
    const refused = events.filter(({ kind }) => kind === "queue.resolution-refused");
    expect(refused.map(({ data }) => data.why)).toEqual([
      expect.stringContaining(`${FILE} has lost the test "theirs"`),
    ]);
  } finally {
    await command(home, "stop").catch(() => {});
    await core[Symbol.asyncDispose]();
    await model.close();
  }
});
