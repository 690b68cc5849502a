import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { z } from "zod";
import type { Account, PlanTier, ProbeAnswer } from "../../../../shared/model/profile.ts";
import { blotSecrets } from "../../base/log.ts";
import { ProcessError, type ProcessResult, runProcess } from "../../process/run-process.ts";
import { findSettingsFile } from "./find-settings-file.ts";

/** The CLI answers from its own files within half a second; this is for a machine that is busy or a disk that hangs. */
const PROBE_TIMEOUT_MS = 15_000;
/** Signing out tells the provider, and goes on without when nobody answers. */
const LOGOUT_TIMEOUT_MS = 30_000;

export interface AuthInput {
  readonly executable: string;
  /** The whole environment that a worker of this profile gets: a variable in it can outrank the login. */
  readonly env: Readonly<Record<string, string>>;
  readonly plan: PlanTier;
}

/**
 * Asks `claude auth status`, in an empty folder: the CLI reads settings of the folder it stands in without asking.
 * A program that does not start or does not answer in time is an answer too.
 */
export async function probeAccount(input: AuthInput, signal: AbortSignal): Promise<ProbeAnswer> {
  let ended: ProcessResult;
  try {
    ended = await runInEmptyFolder(input, ["auth", "status"], PROBE_TIMEOUT_MS, signal);
  } catch (error) {
    if (error instanceof ProcessError) return { kind: "broken", why: error.message };
    throw error;
  }
  const status = readStatus(ended.stdout);
  if (!status) return { kind: "broken", why: lastWords(ended) };
  const elsewhere = await findOtherFolder(status, input.env);
  if (elsewhere !== null) return { kind: "broken", why: elsewhere };
  if (!status.loggedIn) return { kind: "signed-out" };
  if (isSubscription(input.plan)) {
    const { method, variable } = judgeMethod(status, input.env);
    if (method !== null) return { kind: "foreign", method, variable };
  }
  return { kind: "signed-in", account: toAccount(status) };
}

/** Ends the login of this profile alone. Resolves to null, or to what the CLI said when it failed. */
export async function signOut(input: AuthInput, signal: AbortSignal): Promise<string | null> {
  const ended = await runInEmptyFolder(input, ["auth", "logout"], LOGOUT_TIMEOUT_MS, signal);
  return ended.exitCode === 0 ? null : lastWords(ended);
}

/** How a person signs in, in a terminal: the CLI prints its link, hands it to `openLink`, and waits for the browser or a pasted code. */
export function planLogin(
  plan: PlanTier,
  openLink: string,
): { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  const account = plan === "custom" ? [] : [isSubscription(plan) ? "--claudeai" : "--console"];
  return { args: ["auth", "login", ...account], env: { BROWSER: openLink } };
}

/**
 * Finds the sign-in link in what a login printed, also where the terminal broke it into lines. The program's own hand-over of the
 * link comes first; this one is for when it does not come. Its page shows a code to paste.
 */
export function findLoginLink(printed: string): string | null {
  const lines = stripVTControlCharacters(printed)
    .split(/\r?\n/)
    .map((line) => line.trim());
  const first = lines.findIndex((line) => LINK_START.test(line));
  const start = LINK_START.exec(lines[first] ?? "")?.[0];
  if (start === undefined) return null;
  let link = start;
  // A line that goes on to its end with what an address may hold can be the beginning of a longer address.
  const isToTheEnd = lines[first]?.endsWith(start) ?? false;
  for (let next = first + 1; isToTheEnd && /^[\w\-.~%&=+/?:#]+$/.test(lines[next] ?? ""); next++) {
    link += lines[next];
  }
  return URL.canParse(link) && new URL(link).searchParams.has("state") ? link : null;
}

const LINK_START =
  /https:\/\/(?:[\w-]+\.)*(?:claude\.(?:com|ai)|anthropic\.com)\/[^\s"'<>]*oauth\/authorize[^\s"'<>]*/;

/**
 * What outranks the subscription's own login; `method` null when nothing does. A bearer token counts as the subscription's only
 * when it is Claude Code's own: `auth status` calls that of a gateway `oauth_token` too (2.1.329).
 */
function judgeMethod(
  status: Status,
  env: AuthInput["env"],
): { readonly method: string | null; readonly variable: string | null } {
  switch (status.authMethod) {
    case "claude.ai":
      return { method: null, variable: null };
    case "oauth_token": {
      const variable = placeOf(GATEWAY_TOKEN, env);
      return variable === null
        ? { method: null, variable: null }
        : { method: "the token of a gateway", variable };
    }
    default:
      return { method: status.authMethod, variable: culpritOf(status, env) };
  }
}

const GATEWAY_TOKEN = "ANTHROPIC_AUTH_TOKEN";

/** Where a variable, or a setting of that name, comes from: its name for one of the profile's own, with the file for one of its settings. */
function placeOf(name: string, env: AuthInput["env"]): string | null {
  if (env[name] !== undefined) return name;
  const file = findSettingsFile(env, name);
  return file === null ? null : `${name} in ${file}`;
}

const Status = z.object({
  loggedIn: z.boolean(),
  authMethod: z.string().catch("unknown"),
  apiKeySource: z.string().nullish().catch(null),
  email: z.string().nullish().catch(null),
  orgName: z.string().nullish().catch(null),
  subscriptionType: z.string().nullish().catch(null),
  configDirectory: z.string().nullish().catch(null),
});
type Status = z.infer<typeof Status>;

/** Null for what is no status. A notice of the program's before or behind it does not matter. */
function readStatus(stdout: string): Status | null {
  const from = stdout.indexOf("{");
  const to = stdout.lastIndexOf("}");
  if (from < 0 || to < from) return null;
  try {
    return Status.parse(JSON.parse(stdout.slice(from, to + 1)));
  } catch {
    return null;
  }
}

/** A program that is a script can set CLAUDE_CONFIG_DIR itself: sessions would then run under another profile's login. */
async function findOtherFolder(status: Status, env: AuthInput["env"]): Promise<string | null> {
  const wanted = env.CLAUDE_CONFIG_DIR ?? (env.HOME && join(env.HOME, ".claude"));
  const used = status.configDirectory;
  if (!used || !wanted || used === wanted) return null;
  if ((await spellingOf(used)) === (await spellingOf(wanted))) return null;
  return `the program works in ${used}, not in the profile's folder ${wanted}; is it a script that sets CLAUDE_CONFIG_DIR?`;
}

async function spellingOf(folder: string): Promise<string> {
  return await realpath(folder).catch(() => folder);
}

function toAccount(status: Status): Account {
  return {
    method: status.authMethod,
    email: status.email ?? null,
    organisation: status.orgName ?? null,
    subscription: status.subscriptionType ?? null,
  };
}

function isSubscription(plan: PlanTier): boolean {
  return plan === "free" || plan === "pro" || plan === "max";
}

function culpritOf(status: Status, env: AuthInput["env"]): string | null {
  if (status.apiKeySource) return placeOf(status.apiKeySource, env) ?? status.apiKeySource;
  const named = (name: string) => /^CLAUDE_CODE_USE_|^ANTHROPIC_API_KEY$/.test(name);
  return Object.keys(env).find(named) ?? null;
}

async function runInEmptyFolder(
  input: AuthInput,
  args: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ProcessResult> {
  const cwd = await mkdtemp(join(tmpdir(), "switchyard-auth-"));
  try {
    const place = { cwd, env: input.env, timeoutMs, signal };
    return await runProcess(input.executable, args, { ...place, okExitCodes: "any" });
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

const SAID_MAX_CHARS = 300;

/** What is wrong with a profile's own settings file comes first where the program names it; else its last line says what is wrong. */
function lastWords({ stderr, stdout, exitCode, signal }: ProcessResult): string {
  const said = stripVTControlCharacters(stderr.trim() || stdout.trim());
  const lines = said.split("\n").map((line) => line.trim());
  const told = lines.find((line) => line.startsWith("Configuration error")) ?? lines.at(-1);
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
  if (!told) return `it ${how} and said nothing`;
  // It becomes part of a sentence that is kept and shown.
  return blotSecrets(told).slice(0, SAID_MAX_CHARS);
}
