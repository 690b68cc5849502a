// The real Claude Code asks, and is answered from here or in its pane: what `Asks` and `Messages` believe of it is asked here.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { AskState } from "../../../../shared/model/ask.ts";
import type { StatusLevel } from "../evidence.ts";
import { type ClaudeRun, ClaudeWorld, isRealClaudeMissing, script } from "./claude-world.ts";
import { readClaudeAsk, writeClaudeAnswer } from "./read-claude-ask.ts";

let world: ClaudeWorld;

describe.skipIf(isRealClaudeMissing)("the real Claude Code asks", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    world = await ClaudeWorld.open();
  }, 60_000);
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  test("for a permission, in its pane and here at once; a yes from here runs the command", async () => {
    const file = outside("allowed");
    await using run = await world.launch([{ bash: `touch '${file}'` }, { say: "done" }]);
    const ask = await nextAsk(run);
    expect(ask.reading).toMatchObject({ kind: "permission", detail: `touch '${file}'` });
    await world.until(() => (/Doyouwanttoproceed/i.test(flat(run)) ? true : undefined));
    ask.answer("allowed");
    expect(await world.heard("turn-ended")).toMatchObject({ lastMessage: "done" });
    expect(existsSync(file)).toBe(true);
  });

  test("and hears why not", async () => {
    const file = outside("denied");
    await using run = await world.launch([
      { bash: `touch '${file}'` },
      { when: "rather not", do: [{ say: "heard" }], otherwise: [{ say: "not heard" }] },
    ]);
    (await nextAsk(run)).answer("denied", "rather not");
    expect(await world.heard("turn-ended")).toMatchObject({ lastMessage: "heard" });
    expect(existsSync(file)).toBe(false);
  });

  test("a yes in the pane is told by the level alone; the hook stays open, and its late answer changes nothing", async () => {
    const file = outside("in-pane");
    await using run = await world.launch([{ bash: `touch '${file}'` }, { slow: 1, text: "done" }]);
    const ask = await nextAsk(run);
    await world.until(() => (/1\.Yes/.test(flat(run)) ? true : undefined));
    run.pty.write("\r");
    await reaches(run, "busy");
    expect(ask.isDropped()).toBe(false);
    ask.answer("denied", "too late");
    expect(await world.heard("turn-ended")).toMatchObject({ lastMessage: "done" });
    expect(existsSync(file)).toBe(true);
  });

  test("Esc in the pane ends the turn without a hook, and hangs up", async () => {
    await using run = await world.launch([{ bash: `touch '${outside("x")}'` }, { say: "done" }]);
    const ask = await nextAsk(run);
    await world.until(() => (/1\.Yes/.test(flat(run)) ? true : undefined));
    run.pty.write("\u001b");
    await reaches(run, "idle");
    await world.until(() => (ask.isDropped() ? true : undefined));
  });

  test("no decision leaves the dialog to the pane", async () => {
    await using run = await world.launch([{ bash: `touch '${outside("y")}'` }, { say: "done" }]);
    (await nextAsk(run)).answer("in-pane");
    await world.until(() => (/1\.Yes/.test(flat(run)) ? true : undefined));
    run.pty.write("\r");
    expect(await world.heard("turn-ended")).toMatchObject({ lastMessage: "done" });
  });

  test("two commands at once ask one after the other", async () => {
    const [one, two] = [outside("one"), outside("two")];
    const both = [one, two].map((file) => ({ bash: `touch '${file}'` }));
    await using run = await world.launch([{ parallel: both }, { say: "done" }]);
    (await nextAsk(run, 0)).answer("allowed");
    (await nextAsk(run, 1)).answer("allowed");
    await world.heard("turn-ended");
    expect([one, two].map((file) => existsSync(file))).toEqual([true, true]);
  });

  test("for a subagent without a dialog, while the session itself goes on to its end", async () => {
    const file = outside("by-subagent");
    const prompt = script([{ bash: `touch '${file}'` }, { say: "sub done" }]);
    const task = { prompt, description: "d", subagent_type: "general-purpose" };
    await using run = await world.launch([{ task }, { say: "main done" }]);
    const held = await world.until(() => world.asks[0]);
    expect(await world.heard("turn-ended")).toMatchObject({ hasBackgroundWork: true });
    expect(run.levels.some(({ level }) => level === "waiting")).toBe(false);
    const reading = readClaudeAsk(held.body);
    if (!reading) throw new Error("this is no ask");
    expect(reading).toMatchObject({ isShown: false, detail: `touch '${file}'` });
    held.answer(writeClaudeAnswer({ ...reading, state: "allowed", note: null }));
    await world.until(() => (existsSync(file) ? true : undefined));
    await reaches(run, "idle");
  });

  test("a question is answered with labels and with words of one's own", async () => {
    const questions = [
      {
        question: "Which colours?",
        header: "Colour",
        multiSelect: true,
        options: ["Red", "Green", "Blue"].map((label) => ({ label, description: label })),
      },
      {
        question: "How?",
        header: "How",
        multiSelect: false,
        options: ["Slowly", "Fast"].map((label) => ({ label, description: label })),
      },
    ];
    await using run = await world.launch([
      { tool: { name: "AskUserQuestion", input: { questions } } },
      { when: "Red, Blue", do: [{ say: "heard" }], otherwise: [{ say: "not heard" }] },
    ]);
    const ask = await nextAsk(run);
    expect(ask.reading).toMatchObject({
      kind: "question",
      questions: [
        { question: "Which colours?", isMultiple: true },
        { question: "How?", isMultiple: false },
      ],
    });
    const answers = { "Which colours?": ["Red", "Blue"], "How?": ["with care"] };
    ask.answer("answered", JSON.stringify(answers));
    expect(await world.heard("turn-ended")).toMatchObject({ lastMessage: "heard" });
    await world.until(() => (/withcare/.test(flat(run)) ? true : undefined));
  });

  test("a plan is approved, or sent back with what is missing", async () => {
    const plan = { plan: "1. Do it." };
    {
      const approved = [plan, { write: { path: "p.txt", content: "x" } }, { say: "went on" }];
      await using run = await world.launch(approved, { permissionMode: "plan" });
      const ask = await nextAsk(run);
      expect(ask.reading?.kind).toBe("plan");
      ask.answer("allowed");
      expect(await world.heard("turn-ended")).toMatchObject({ lastMessage: "went on" });
      expect(world.asks, "its edits are not asked about").toHaveLength(1);
    }
    const steps = [
      plan,
      { when: "add tests", do: [{ say: "heard" }], otherwise: [{ say: "not heard" }] },
    ];
    await using run = await world.launch(steps, { permissionMode: "plan" });
    (await nextAsk(run)).answer("denied", "add tests");
    expect(await world.heard("turn-ended")).toMatchObject({ lastMessage: "heard" });
  });

  test("after an interruption Ctrl-C takes out the old message, and the new one goes alone", async () => {
    const old = Array.from({ length: 40 }, (_, line) => `line ${line}`).join("\n");
    const firstMessage = `${old}\n[[script: [{"hang":60}]]]`;
    await using run = await world.launch([], { firstMessage });
    await world.heard("prompt-accepted");
    await reaches(run, "busy");
    await world.until(() => (/esctointerrupt/.test(flat(run)) ? true : undefined));
    run.pty.write("\u001b");
    await reaches(run, "idle");
    world.evidence = [];
    run.pty.write("\u0003\u001b[200~something else\u001b[201~\r");
    expect(await world.heard("prompt-accepted")).toMatchObject({ prompt: "something else" });
  });

  test("a long message that is pasted comes back word for word", async () => {
    await using run = await world.launch([{ say: "hello" }]);
    await world.heard("turn-ended");
    await reaches(run, "idle");
    world.evidence = [];
    const long = Array.from({ length: 200 }, (_, line) => `line ${line}`).join("\n");
    run.pty.write(`\u001b[200~${long}\u001b[201~\r`);
    expect(await world.heard("prompt-accepted")).toMatchObject({ prompt: long });
  });
});

function outside(name: string): string {
  return join(world.folder, name);
}

/** What the program has painted, without what steers a terminal; it moves the cursor where a reader sees a space. */
function flat(run: ClaudeRun): string {
  return stripVTControlCharacters(run.printed()).replace(/\s+/g, "");
}

function reaches(run: ClaudeRun, level: StatusLevel): Promise<true> {
  return world.until(() => (run.levels.at(-1)?.level === level ? true : undefined));
}

/** The ask with its dialog on screen, answered as `Asks` answers it. */
async function nextAsk(run: ClaudeRun, index = 0) {
  const held = await world.until(() => world.asks[index]);
  await reaches(run, "waiting");
  const reading = readClaudeAsk(held.body);
  return {
    reading,
    isDropped: () => held.isDropped,
    answer: (state: AskState, note: string | null = null) => {
      if (!reading) throw new Error("this is no ask");
      held.answer(writeClaudeAnswer({ ...reading, state, note }));
    },
  };
}
