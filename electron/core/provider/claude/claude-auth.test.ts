import {
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PlanTier, ProbeAnswer } from "../../../../shared/model/profile.ts";
import { findLoginLink, planLogin, probeAccount, signOut } from "./claude-auth.ts";
import { ClaudeVersions, resolveClaude } from "./claude-executable.ts";

let folder: string;
const signal = new AbortController().signal;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "switchyard-auth-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function program(script: string, mode = 0o755): string {
  const file = join(folder, "claude");
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode });
  return file;
}

interface Case {
  readonly prints: string;
  readonly plan?: PlanTier;
  readonly env?: Readonly<Record<string, string>>;
  readonly is: ProbeAnswer;
}

async function check({ prints, plan = "max", env = {}, is }: Case) {
  const executable = program(prints);
  const whole = { PATH: "/usr/bin:/bin", ...env };
  expect(await probeAccount({ executable, env: whole, plan }, signal)).toEqual(is);
}

const answers = (status: object) => `echo '${JSON.stringify({ loggedIn: true, ...status })}'`;
const account = (patch: object) => ({
  kind: "signed-in" as const,
  account: { method: "claude.ai", email: null, organisation: null, subscription: null, ...patch },
});

test("a subscription's login is told with its account", () =>
  check({
    prints: answers({
      authMethod: "claude.ai",
      email: "a@b.c",
      orgName: "Org",
      subscriptionType: "max",
    }),
    is: account({ email: "a@b.c", organisation: "Org", subscription: "max" }),
  }));

test("a token stands for the subscription too", () =>
  check({
    prints: answers({ authMethod: "oauth_token" }),
    is: account({ method: "oauth_token" }),
  }));

test("signed out is an answer, with the exit code it has", () =>
  check({
    prints: `echo '{"loggedIn":false,"authMethod":"none"}'; exit 1`,
    is: { kind: "signed-out" },
  }));

test("a program that a signal ended is told by the signal", () =>
  check({
    prints: "kill -SEGV $$",
    is: { kind: "broken", why: "it was ended by SIGSEGV and said nothing" },
  }));

test("a key that outranks the subscription is named", () =>
  check({
    prints: answers({ authMethod: "api_key", apiKeySource: "ANTHROPIC_API_KEY" }),
    is: { kind: "foreign", method: "api_key", variable: "ANTHROPIC_API_KEY" },
  }));

test("a third party is named by the variable that brings it in", () =>
  check({
    prints: answers({ authMethod: "third_party", apiProvider: "bedrock" }),
    env: { CLAUDE_CODE_USE_BEDROCK: "1" },
    is: { kind: "foreign", method: "third_party", variable: "CLAUDE_CODE_USE_BEDROCK" },
  }));

test("a gateway's token is not the subscription's, and is named", () =>
  check({
    prints: answers({ authMethod: "oauth_token" }),
    env: { ANTHROPIC_AUTH_TOKEN: "t", CLAUDE_CODE_OAUTH_TOKEN: "t" },
    is: { kind: "foreign", method: "the token of a gateway", variable: "ANTHROPIC_AUTH_TOKEN" },
  }));

test.each([
  ["a variable", { env: { ANTHROPIC_AUTH_TOKEN: "t" } }, "ANTHROPIC_AUTH_TOKEN", "oauth_token"],
  ["a program for keys", { apiKeyHelper: "echo k" }, "apiKeyHelper", "api_key_helper"],
])("%s in the profile's own settings is named with its file", async (_, settings, name, method) => {
  const file = join(folder, "settings.json");
  writeFileSync(file, JSON.stringify(settings));
  const source = method === "oauth_token" ? {} : { apiKeySource: name };
  const executable = program(answers({ authMethod: method, ...source }));
  const env = { PATH: "/usr/bin:/bin", CLAUDE_CONFIG_DIR: folder };
  expect(await probeAccount({ executable, env, plan: "max" }, signal)).toMatchObject({
    kind: "foreign",
    variable: `${name} in ${file}`,
  });
});

test("a program that works in another folder than the profile's is refused", async () => {
  const executable = program(answers({ authMethod: "claude.ai", configDirectory: "/elsewhere" }));
  const env = { PATH: "/usr/bin:/bin", CLAUDE_CONFIG_DIR: folder };
  const answer = await probeAccount({ executable, env, plan: "max" }, signal);
  expect(answer).toEqual({
    kind: "broken",
    why: `the program works in /elsewhere, not in the profile's folder ${folder}; is it a script that sets CLAUDE_CONFIG_DIR?`,
  });
  const right = program(answers({ authMethod: "claude.ai", configDirectory: folder }));
  expect(await probeAccount({ executable: right, env, plan: "max" }, signal)).toMatchObject({
    kind: "signed-in",
  });
});

test("a notice around the answer does not matter; an answer of another kind is told by its last line, without secrets", async () => {
  await check({
    prints: `echo 'A new version is out!'; ${answers({ authMethod: "claude.ai" })}; echo bye`,
    is: account({}),
  });
  await check({
    prints: "echo 'signed in: yes (sk-ant-oat01-CANARY)'",
    is: { kind: "broken", why: "signed in: yes ([secret])" },
  });
  await check({
    prints: `echo '{"login":{"state":"good"}}'`,
    is: { kind: "broken", why: '{"login":{"state":"good"}}' },
  });
});

test("a plan that pays by key may", () =>
  check({
    prints: answers({ authMethod: "api_key", apiKeySource: "ANTHROPIC_API_KEY" }),
    plan: "api",
    is: account({ method: "api_key" }),
  }));

test("a program that says something else is broken, with its last words", () =>
  check({
    prints: "echo 'Configuration error in .claude.json: JSON Parse error' >&2; exit 1",
    is: { kind: "broken", why: "Configuration error in .claude.json: JSON Parse error" },
  }));

test("a program that cannot start is broken", async () => {
  const executable = join(folder, "nothing");
  const answer = await probeAccount({ executable, env: {}, plan: "max" }, signal);
  expect(answer).toMatchObject({ kind: "broken", why: expect.stringContaining("could not start") });
});

test("the question is asked in an empty folder that does not stay", async () => {
  const executable = program(
    `ls -A > ${folder}/listing; pwd > ${folder}/cwd; echo '{"loggedIn":false}'`,
  );
  await probeAccount({ executable, env: { PATH: "/usr/bin:/bin" }, plan: "max" }, signal);
  expect(readFileSync(join(folder, "listing"), "utf8")).toBe("");
  expect(() => readFileSync(readFileSync(join(folder, "cwd"), "utf8").trim())).toThrow(/ENOENT/);
});

test("signing out tells what went wrong", async () => {
  const env = { PATH: "/usr/bin:/bin" };
  expect(await signOut({ executable: program("exit 0"), env, plan: "max" }, signal)).toBeNull();
  const failing = program("echo nope >&2; exit 1");
  expect(await signOut({ executable: failing, env, plan: "max" }, signal)).toBe("nope");
});

test("a sign-in goes to the account that the plan is of", () => {
  expect(planLogin("max", "/s/open-link")).toEqual({
    args: ["auth", "login", "--claudeai"],
    env: { BROWSER: "/s/open-link" },
  });
  expect(planLogin("api", "/o").args).toEqual(["auth", "login", "--console"]);
  expect(planLogin("custom", "/o").args).toEqual(["auth", "login"]);
});

const LINK =
  "https://claude.com/cai/oauth/authorize?code=true&client_id=9d1c250a&response_type=code&redirect_uri=https%3A%2F%2Fplatform.claude.com%2Foauth%2Fcode%2Fcallback&scope=org%3Acreate_api_key+user%3Aprofile&code_challenge_method=S256&state=GQl-BDB91W_v10";

test("the link is found as 2.1.329 prints it: marked as a link, coloured, on one line", () => {
  const printed = `Opening browser to sign in…\r\nIf the browser didn't open, visit: \u001b]8;;${LINK}\u0007\u001b[94m${LINK}\u001b[39m\u001b]8;;\u0007\r\nPaste code here if prompted > `;
  expect(findLoginLink(printed)).toBe(LINK);
});

test("a link that the screen broke into lines is put together", () => {
  const text = `If the browser didn't open, visit: ${LINK}`;
  const lines = text.match(/.{1,80}/g) ?? [];
  expect(findLoginLink([...lines, "Paste code here if prompted >"].join("\n"))).toBe(LINK);
});

test("other links and half a link are none", () => {
  expect(
    findLoginLink("See https://claude.com/docs and https://evil.example/oauth/authorize?state=1"),
  ).toBeNull();
  expect(findLoginLink(`visit: ${LINK.slice(0, 90)}`)).toBeNull();
  expect(findLoginLink("")).toBeNull();
});

test("the program is what the profile names, else claude on the PATH", () => {
  const file = program("exit 0");
  const where = { pathVariable: `/nowhere:${folder}`, homeFolder: folder };
  expect(resolveClaude(null, where)).toBe(file);
  expect(resolveClaude("~/claude", where)).toBe(file);
  expect(() => resolveClaude("~/other", where)).toThrow(/There is no program ~\/other/);
  expect(() => resolveClaude(null, { ...where, pathVariable: "/nowhere" })).toThrow(
    /not installed/,
  );
  rmSync(file);
  expect(() => resolveClaude(program("exit 0", 0o644), where)).toThrow(/no permission to run/);
});

test("a version is asked once for each state of the file", async () => {
  const file = program(`echo x >> ${folder}/asked; echo "2.1.329 (Claude Code)"`);
  const versions = new ClaudeVersions();
  const env = { PATH: "/usr/bin:/bin" };
  expect(await versions.of(file, env, signal)).toBe("2.1.329");
  expect(await versions.of(file, env, signal)).toBe("2.1.329");
  expect(readFileSync(join(folder, "asked"), "utf8")).toBe("x\n");
  // Another file at its place with the very same time and length, as when a link is swapped.
  const other = `${file}-new`;
  writeFileSync(other, readFileSync(file, "utf8").replace("329", "330"), { mode: 0o755 });
  const { atime, mtime } = statSync(file);
  utimesSync(other, atime, mtime);
  renameSync(other, file);
  expect(await versions.of(file, env, signal)).toBe("2.1.330");
  await expect(versions.of("/bin/true", env, signal)).rejects.toMatchObject({
    code: "executable-not-runnable",
  });
});
