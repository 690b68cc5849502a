import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import {
  createScriptedModel,
  type ScriptedModel,
} from "../demo/scripted-model/create-scripted-model.ts";
import type { ModelRequest } from "../demo/scripted-model/model-request.ts";
import type { ScenarioSource } from "../demo/scripted-model/scenario.ts";
import { findClaude } from "../demo/stand-in/find-claude.ts";
import { runCli } from "./app-access.ts";
import { type AppHome, createAppHome } from "./app-home.ts";
import { command } from "./drive-by-command-line.ts";
import { expect, test } from "./fixtures.ts";
import { startCore } from "./running-core.ts";
import { bash, finish, PATIENCE, prepareWork } from "./with-worker.ts";

const FIRST = "switchyard-moves-first1";
const SECOND = "switchyard-moves-second";
const tail = (token: string) => token.slice(-6);
/** Hours ahead, so that nobody waits for it. */
const FIVE_HOURS = { error: 429, limit: "five_hour", resets_in: 14_000, times: 99 } as const;
/** So far ahead that the program opens its menu, and tells nothing more of its windows. */
const WEEK = { error: 429, limit: "seven_day", resets_in: 200_000, times: 99 } as const;
const SAID = "the-first-half-of-the-work";

/** Works a little, then meets the limit of the first profile; whoever goes on brings the work home. */
const scenario = (limit: typeof FIVE_HOURS | typeof WEEK): ScenarioSource => ({
  rules: [
    { auth: tail(FIRST), steps: [bash(`echo ${SAID}`), limit] },
    { auth: tail(SECOND), prompt: "Go on with the task", steps: [...finish] },
  ],
});

type Asked = Pick<ModelRequest, "session" | "body">;

interface World {
  readonly home: AppHome;
  readonly model: ScriptedModel;
  readonly requests: readonly Asked[];
  readonly task: string;
  /** The session that met the limit. */
  readonly left: { readonly id: string; readonly providerSession: string };
}

/** A worker of `max-1` that waits for its limit, and `max-2` beside it, which is let in by the test. */
async function withLimited(
  source: ScenarioSource,
  work: (world: World) => Promise<void>,
): Promise<void> {
  test.setTimeout(240_000);
  test.skip(!findClaude().isReal, "only the real program keeps a record that another one can read");
  await using home = await createAppHome({});
  const requests: Asked[] = [];
  const model = createScriptedModel({
    scenario: source,
    onRequest: (request) => requests.push(request),
  });
  await model.listen(0);
  await using core = await startCore(home);
  try {
    await prepareWork(home, model.url, { token: FIRST });
    const { id: task } = await command(home, "task", "create", "Move", "--project", "app");
    await expect
      .poll(async () => (await command(home, "task", "show", task)).reason, PATIENCE)
      .toMatch(/^rate-limit: You've hit your (?:5-hour|weekly) limit/);
    const variables = [`ANTHROPIC_BASE_URL=${model.url}`, `CLAUDE_CODE_OAUTH_TOKEN=${SECOND}`];
    const profile = ["--plan", "max", "--cap", "1", "--executable", findClaude().executable];
    const env = [
      ...variables,
      "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1",
      "DISABLE_AUTOUPDATER=1",
    ].flatMap((each) => ["--env", each]);
    await command(home, "profile", "add", "max-2", ...profile, ...env, "--moves", "in");
    const [left] = await command(home, "session", "list");
    await work({ home, model, requests, task, left });
  } finally {
    await command(home, "stop");
    await core.ended;
    await model.close();
  }
}

const folderOf = async ({ home }: World, profile: string): Promise<string> =>
  (await command(home, "profile", "show", profile)).dir;

/** Files below a profile's folder that belong to the conversation, or that must never be copied. */
async function listFiles(world: World, profile: string): Promise<readonly string[]> {
  const dir = await folderOf(world, profile);
  const names = readdirSync(dir, { recursive: true }).map(String);
  return names.filter((name) => name.includes(world.left.providerSession));
}

const listSessions = ({ home }: World): Promise<readonly Record<string, unknown>[]> =>
  command(home, "session", "list");
const untilLanded = ({ home, task }: World) =>
  expect
    .poll(async () => (await command(home, "task", "show", task)).status, PATIENCE)
    .toBe("landed");

test("a conversation that met a five-hour limit goes on at the profile that may take it, with all that was said", {
  tag: "@web",
}, async () => {
  await withLimited(scenario(FIVE_HOURS), async (world) => {
    const { home, left, model, requests } = world;
    // Nothing moves that was not let out, whoever asks.
    const refused = await runCli(home, ["session", "move", left.id, "--profile", "max-2"]);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain("Conversations may not move away from max-1.");
    expect(await listSessions(world)).toHaveLength(1);

    await command(home, "profile", "set", "max-1", "--moves", "out");
    await untilLanded(world);
    const [before, after, ...others] = await listSessions(world);
    expect(others).toEqual([]);
    expect(before).toMatchObject({ id: left.id, profile: "max-1", state: "stopped" });
    expect(after).toMatchObject({
      profile: "max-2",
      providerSession: left.providerSession,
      movedFrom: { session: left.id, profile: "max-1", step: "moved" },
    });
    // What the other account was asked held everything from the task's first message on.
    const owners = model.calls
      .filter(({ role, session }) => role === "main" && session === left.providerSession)
      .map((each) => each.tail);
    const first = owners.indexOf(tail(SECOND));
    expect(first).toBeGreaterThan(0);
    expect(new Set(owners.slice(0, first))).toEqual(new Set([tail(FIRST)]));
    expect(new Set(owners.slice(first))).toEqual(new Set([tail(SECOND)]));
    const told = requests
      .filter(({ session }) => session === left.providerSession)
      .map(({ body }) => JSON.stringify(body.messages))
      .find((messages) => messages.includes("What stopped you is over"));
    expect(told).toContain("You are working on task");
    expect(told).toContain(SAID);
    const dir = await folderOf(world, "max-2");
    const [record] = (await listFiles(world, "max-2")).filter((name) => name.endsWith(".jsonl"));
    expect(statSync(path.join(dir, String(record))).mode & 0o777).toBe(0o600);
    for (const name of [".credentials.json", "settings.json"])
      expect(existsSync(path.join(dir, name))).toBe(false);
    const { text } = await command(home, "session", "show", String(after?.id)).then((json) => ({
      text: JSON.stringify(json),
    }));
    expect(text).toContain("its conversation came from max-1");
  });
});

test("a profile that refuses the login gives the conversation back: it waits where it was, and nothing of it stays there", {
  tag: "@web",
}, async () => {
  const profiles = { [tail(SECOND)]: { name: "second", reject: { status: 401 } } };
  await withLimited({ ...scenario(WEEK), profiles }, async (world) => {
    const { home, model, task, left } = world;
    await command(home, "profile", "set", "max-1", "--moves", "out");
    await expect
      .poll(async () => (await command(home, "task", "show", task)).reason, PATIENCE)
      .toMatch(
        /^rate-limit: You've hit your weekly limit.*; its conversation stays where it is: max-2 did not take it: cannot sign in: /,
      );
    const shown = await command(home, "task", "show", task);
    expect(shown).toMatchObject({ status: "parked", profile: "max-1", session: left.id });
    expect(await listFiles(world, "max-2")).toEqual([]);
    expect((await command(home, "profile", "show", "max-2")).state).toBe("signed-out");
    const [, tried, ...others] = await listSessions(world);
    expect(others).toEqual([]);
    expect(tried).toMatchObject({ profile: "max-2", movedFrom: { step: "undone" } });

    // Its own profile is asked anew, and goes on in the same conversation.
    model.setScenario({ rules: [{ steps: [...finish] }] });
    await command(home, "profile", "set", "max-1", "--disable");
    await command(home, "profile", "set", "max-1", "--enable");
    await command(home, "profile", "check", "max-1");
    await untilLanded(world);
    const last = (await listSessions(world)).at(-1);
    expect(last).toMatchObject({ profile: "max-1", providerSession: left.providerSession });
  });
});
