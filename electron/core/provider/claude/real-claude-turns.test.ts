// How the real Claude Code's turns end without a hook, and who has a conversation: what recovery believes of it is asked here.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ClaudeRun, ClaudeWorld, isRealClaudeMissing } from "./claude-world.ts";
import { findConversation } from "./find-conversation.ts";
import { transcriptFile } from "./read-last-messages.ts";
import { readToldTurn } from "./read-told-turn.ts";

let world: ClaudeWorld;
/** The record is written a little later than the level; measured up to 0.1 s, on a busy machine. */
const SOON = { timeout: 5_000 };
const profile = () => join(world.folder, "profile");
const toldOf = (conversation: string) =>
  readToldTurn(transcriptFile(profile(), world.worktree, conversation));
const seesLevel = (run: ClaudeRun, name: string) =>
  world.until(() => (run.levels.at(-1)?.level === name ? true : undefined));

describe.skipIf(isRealClaudeMissing)("the real Claude Code's record", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    world = await ClaudeWorld.open();
  }, 60_000);
  afterAll(async () => {
    await world[Symbol.asyncDispose]();
  });

  test("tells that a turn was completed", async () => {
    const conversation = randomUUID();
    await using run = await world.launch([{ say: "done" }], { conversation });
    await world.heard("turn-ended");
    await seesLevel(run, "idle");
    await expect.poll(() => toldOf(conversation)?.ending, SOON).toBe("completed");
  });

  test("tells that what it asked was refused, soon after its level says idle", async () => {
    const conversation = randomUUID();
    const command = `touch '${join(world.folder, "elsewhere")}'`;
    await using run = await world.launch([{ bash: command }, { say: "x" }], { conversation });
    await seesLevel(run, "waiting");
    expect(toldOf(conversation)).toBeNull();
    await world.until(() => (/No/.test(run.printed()) ? true : undefined));
    run.pty.write("\u001b");
    await seesLevel(run, "idle");
    await expect
      .poll(() => toldOf(conversation), SOON)
      .toMatchObject({ ending: "interrupted", message: "what it asked was refused" });
  });

  test("tells that its context is full", async () => {
    const conversation = randomUUID();
    const full = { error: 400, message: "prompt is too long: 210000 tokens > 200000 maximum" };
    await using run = await world.launch([{ ...full, times: 9 }], { conversation });
    await world.until(() => (run.levels.some(({ level }) => level === "busy") ? true : undefined));
    await seesLevel(run, "idle");
    await expect.poll(() => toldOf(conversation)?.ending, SOON).toBe("context-full");
  });

  test("a conversation is found in the process that has it, and not once that was killed", async () => {
    const conversation = randomUUID();
    await using run = await world.launch([{ say: "here" }], { conversation });
    await seesLevel(run, "idle");
    const find = () => findConversation(profile(), conversation, new Date()).map(({ pid }) => pid);
    expect(find()).toEqual([run.pty.pid]);
    const gone = new Promise<void>((resolve) => run.pty.onExit(() => resolve()));
    process.kill(run.pty.pid, "SIGKILL");
    await gone;
    expect(find()).toEqual([]);
  });
});
