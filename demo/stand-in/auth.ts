import { spawn } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { stripVTControlCharacters } from "node:util";

type Environment = Readonly<Record<string, string | undefined>>;

/** The one code that signs in. */
const GOOD_CODE = "good-code";

export function configFolder(env: Environment): string {
  return env.CLAUDE_CONFIG_DIR ?? join(env.HOME ?? homedir(), ".claude");
}

/** Where a login of the stand-in's is kept; there is no credential in it. */
function loginFile(env: Environment): string {
  return join(configFolder(env), ".stand-in-login");
}

export interface Login {
  readonly method: "api_key" | "oauth_token" | "claude.ai";
  readonly headers: Readonly<Record<string, string>>;
}

/** How calls are signed, in the order in which Claude Code prefers what it finds; null when signed out. */
export function findLogin(env: Environment): Login | null {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  if (env.ANTHROPIC_API_KEY)
    return { method: "api_key", headers: { "x-api-key": env.ANTHROPIC_API_KEY } };
  const token = env.ANTHROPIC_AUTH_TOKEN ?? env.CLAUDE_CODE_OAUTH_TOKEN;
  if (token) return { method: "oauth_token", headers: bearer(token) };
  if (existsSync(loginFile(env))) return { method: "claude.ai", headers: bearer("stand-in-login") };
  return null;
}

/** `claude auth …`. Resolves to the exit code. */
export async function runAuth(
  action: "status" | "login" | "logout",
  env: Environment,
): Promise<number> {
  switch (action) {
    case "status":
      return printStatus(env);
    case "logout":
      rmSync(loginFile(env), { force: true });
      console.log("Successfully logged out from your Anthropic account.");
      return 0;
    case "login":
      return await logIn(env);
  }
}

function printStatus(env: Environment): number {
  const login = findLogin(env);
  const folder = configFolder(env);
  const account = {
    email: "person@example.invalid",
    orgId: null,
    orgName: "Example",
    subscriptionType: "max",
  };
  const status = {
    loggedIn: login !== null,
    authMethod: login?.method ?? "none",
    apiProvider: "firstParty",
    ...(login?.method === "api_key" ? { apiKeySource: "ANTHROPIC_API_KEY" } : {}),
    ...(login?.method === "claude.ai" ? account : {}),
    projectsDirectory: join(folder, "projects"),
    configDirectory: folder,
    loginExpiresAt: null,
  };
  console.log(JSON.stringify(status, null, 2));
  return login ? 0 : 1;
}

async function logIn(env: Environment): Promise<number> {
  console.log("Opening browser to sign in…");
  if (env.BROWSER) {
    const callback = link("http://localhost:1/callback");
    spawn(env.BROWSER, [callback], { stdio: "ignore", detached: true })
      .on("error", () => console.log("The browser could not be opened."))
      .unref();
  }
  const page = link("https://platform.claude.com/oauth/code/callback");
  console.log(`If the browser didn't open, visit: ${page}\n`);

  const input = createInterface({ input: process.stdin, output: process.stdout });
  const typed = await input.question("Paste code here if prompted > ");
  input.close();
  if (stripVTControlCharacters(typed).trim() !== GOOD_CODE) {
    console.log("Login failed: Invalid code. Please make sure the full code was copied.");
    return 1;
  }
  mkdirSync(configFolder(env), { recursive: true, mode: 0o700 });
  writeFileSync(loginFile(env), "signed in by the stand-in\n", { mode: 0o600 });
  console.log("Login successful.");
  return 0;
}

function link(redirect: string): string {
  const url = new URL("https://claude.com/cai/oauth/authorize");
  url.searchParams.set("client_id", "stand-in");
  url.searchParams.set("redirect_uri", redirect);
  url.searchParams.set("state", crypto.randomUUID());
  return url.href;
}
