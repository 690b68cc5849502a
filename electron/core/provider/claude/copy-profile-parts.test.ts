import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ShareableItem } from "../../../../shared/model/profile-sharing.ts";
import { systemClock } from "../../base/clock.ts";
import { copyProfileParts } from "./copy-profile-parts.ts";

let home: string;
const signal = new AbortController().signal;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard-share-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const from = () => join(home, "from");
const to = () => join(home, "to");
function put(file: string, content: string | object, folder = from()): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}
const got = (file: string) => readFileSync(join(to(), file), "utf8");
const share = (...items: ShareableItem[]) =>
  copyProfileParts({ from: from(), to: to(), home, items, clock: systemClock, signal });

test("skills, commands and agents are copied whole; what is there already stays", async () => {
  put("skills/review/SKILL.md", "---\nname: review\n---\nLook.");
  put("skills/review/lists/one.txt", "1");
  put("commands/ship.md", "ship");
  put("agents/helper.md", "theirs");
  put("agents/helper.md", "mine", to());
  expect(await share("skills", "commands", "agents")).toEqual({
    copied: ["skills/review", "commands/ship.md"],
    leftOut: [{ what: "agents/helper.md", why: "it is there already" }],
  });
  expect(got("skills/review/lists/one.txt")).toBe("1");
  expect(got("agents/helper.md")).toBe("mine");
  expect(statSync(join(to(), "skills")).mode & 0o777).toBe(0o700);
});

test("a skill that was being copied when the core died is copied whole the next time", async () => {
  put("skills/review/SKILL.md", "---\nname: review\n---\nLook.");
  put("skills/review/lists/one.txt", "1");
  put("skills/.switchyard-copy-1-a/review/SKILL.md", "half of it", to());
  let looks = 0;
  // Ends it between the two files. Nothing else of a signal is used.
  const leaving = {
    throwIfAborted() {
      looks += 1;
      if (looks === 3) throw new Error("the core is stopping");
    },
  } as AbortSignal;
  const order = { from: from(), to: to(), home, clock: systemClock };
  const cutOff = copyProfileParts({ ...order, items: ["skills"], signal: leaving });
  await expect(cutOff).rejects.toThrow("the core is stopping");
  expect(readdirSync(join(to(), "skills"))).toEqual([]);
  expect(await share("skills")).toEqual({ copied: ["skills/review"], leftOut: [] });
  expect(got("skills/review/lists/one.txt")).toBe("1");
  expect(readdirSync(join(to(), "skills"))).toEqual(["review"]);
});

test("what brings hooks or holds a key is left out whole, and links are not followed", async () => {
  put("skills/hooked/SKILL.md", "---\nname: x\nhooks:\n  Stop: []\n---\n");
  put("skills/hooked/notes.md", "n");
  put("agents/broken.md", "---\nhooks : [\n---\n");
  put("commands/key.md", "curl -H 'x-api-key: sk-ant-api03-CANARY'");
  symlinkSync(put(".credentials.json", "secret"), join(from(), "skills", "link"));
  put("commands/big.md", "x".repeat(5 * 1024 * 1024 + 1));
  expect(await share("skills", "commands", "agents")).toEqual({
    copied: [],
    leftOut: [
      { what: "skills/hooked", why: "hooked/SKILL.md brings hooks" },
      { what: "skills/link", why: "link is a link to another place" },
      { what: "commands/big.md", why: "big.md is larger than 5 MB" },
      { what: "commands/key.md", why: "key.md holds what looks like a key" },
      { what: "agents/broken.md", why: "broken.md brings hooks" },
    ],
  });
  expect(existsSync(to())).toBe(false);
});

test("of the settings only taste and manners go along", async () => {
  put("settings.json", {
    model: "opus",
    theme: "dark",
    language: "de",
    permissions: { allow: ["Bash(ls)"], defaultMode: "bypassPermissions" },
    hooks: { Stop: [] },
    env: { ANTHROPIC_API_KEY: "k" },
    apiKeyHelper: "echo k",
    statusLine: { type: "command", command: "x" },
    enabledPlugins: { "a@b": true },
    skipDangerousModePermissionPrompt: true,
  });
  put("settings.json", { theme: "light", own: 1 }, to());
  const { copied, leftOut } = await share("settings");
  expect(copied).toEqual(["settings: model", "settings: language", "settings: permissions"]);
  expect(leftOut.map(({ what }) => what)).toEqual([
    "settings: theme",
    "settings: hooks",
    "settings: env",
    "settings: apiKeyHelper",
    "settings: statusLine",
    "settings: enabledPlugins",
    "settings: skipDangerousModePermissionPrompt",
  ]);
  expect(JSON.parse(got("settings.json"))).toEqual({
    theme: "light",
    own: 1,
    model: "opus",
    language: "de",
    permissions: { allow: ["Bash(ls)"] },
  });
});

test("of what is allowed no key goes along and no whole tool, and what is refused stays refused", async () => {
  const key = "sk-ant-api03-CANARY";
  put("settings.json", {}, to());
  put("settings.json", {
    attribution: { commit: `by ${key}` },
    permissions: {
      allow: [
        "Bash(git *)",
        `Bash(curl -H 'x-api-key: ${key}' x.example)`,
        "Bash(API_TOKEN=CANARY deploy)",
        "Bash(curl -H 'Authorization: Basic CANARY' x.example)",
        "Bash(git push https://me:CANARY@x.example)",
        "Bash(deploy --token CANARY)",
        "Bash",
        "Bash(*)",
        "Bash(:*)",
        "WebFetch(domain:*)",
        "mcp__tracker",
        "WebFetch(domain:x.example)",
      ],
      deny: ["Bash", "Read(**/*-token)", `Bash(echo ${key})`],
    },
  });
  const { copied, leftOut } = await share("settings");
  expect(copied).toEqual(["settings: permissions"]);
  const entry = (number: number, tool: string, why: string, list = "allow") => ({
    what: `settings: permissions.${list}, entry ${number} (${tool})`,
    why: `${why}; add it by hand`,
  });
  expect(leftOut).toEqual([
    { what: "settings: attribution", why: "it holds what looks like a key" },
    entry(2, "Bash", "it holds what looks like a key"),
    ...[3, 4, 5, 6].map((number) => entry(number, "Bash", "it may hold a key")),
    ...[7, 8, 9].map((number) => entry(number, "Bash", "it allows a whole tool")),
    entry(10, "WebFetch", "it allows a whole tool"),
    entry(11, "mcp__tracker", "it allows a whole tool"),
    entry(3, "Bash", "it holds what looks like a key", "deny"),
  ]);
  expect(JSON.parse(got("settings.json"))).toEqual({
    permissions: {
      allow: ["Bash(git *)", "WebFetch(domain:x.example)"],
      deny: ["Bash", "Read(**/*-token)"],
    },
  });
});

test("permissions of which nothing can be shared are none", async () => {
  put("settings.json", { permissions: { defaultMode: "bypassPermissions", allow: "Bash" } });
  expect(await share("settings")).toEqual({
    copied: [],
    leftOut: [{ what: "settings: permissions", why: "nothing of it can be shared" }],
  });
  expect(existsSync(join(to(), "settings.json"))).toBe(false);
});

test("MCP servers go along without what may hold a key, and nothing else of that file does", async () => {
  put(".claude.json", {
    oauthAccount: { emailAddress: "a@b.c" },
    mcpServers: {
      plain: { type: "stdio", command: "npx", args: ["server", "--port", "1"] },
      there: { command: "theirs" },
      named: { command: "x", env: { TOKEN: "t" } },
      web: { type: "http", url: "https://x.example/mcp", headers: { Authorization: "t" } },
      query: { type: "http", url: "https://x.example/mcp?api_key=1" },
      person: { type: "http", url: "https://me:secret@x.example" },
      argument: { command: "x", args: ["--token", "t"] },
    },
  });
  put(".claude.json", { numStartups: 3, mcpServers: { there: { command: "mine" } } }, to());
  const { copied, leftOut } = await share("mcp-servers");
  expect(copied).toEqual(["MCP server plain"]);
  const suspect = "its address or arguments may hold a key; add it by hand";
  expect(leftOut).toEqual([
    { what: "MCP server there", why: "it is there already" },
    { what: "MCP server named", why: "its env (TOKEN) may hold a key; add it by hand" },
    { what: "MCP server web", why: "its headers (Authorization) may hold a key; add it by hand" },
    { what: "MCP server query", why: suspect },
    { what: "MCP server person", why: suspect },
    { what: "MCP server argument", why: suspect },
  ]);
  expect(JSON.parse(got(".claude.json"))).toEqual({
    numStartups: 3,
    mcpServers: {
      plain: { type: "stdio", command: "npx", args: ["server", "--port", "1"] },
      there: { command: "mine" },
    },
  });
});

test("the default profile can be shared from, and is never written", async () => {
  put("commands/a.md", "a", join(home, ".claude"));
  put(".claude.json", { mcpServers: { one: { command: "x" } } }, home);
  const items = [...ShareableItem.options];
  const order = { home, items, clock: systemClock, signal };
  expect((await copyProfileParts({ ...order, from: null, to: to() })).copied).toEqual([
    "commands/a.md",
    "MCP server one",
  ]);
  await expect(copyProfileParts({ ...order, from: to(), to: null })).rejects.toThrow(
    "The default profile is your own Claude Code's folder, ~/.claude, and is never written.",
  );
});

test("a truncated file of either profile is named and left as it is", async () => {
  const config = put(".claude.json", '{"mcpServers": {"a"');
  await expect(share("mcp-servers")).rejects.toThrow(
    `${config} was left as it is: it is not valid JSON.`,
  );
  put(".claude.json", { mcpServers: { a: { command: "x" } } });
  const own = put(".claude.json", '{"x"', to());
  await expect(share("mcp-servers")).rejects.toThrow(own);
  expect(readFileSync(own, "utf8")).toBe('{"x"');
});

test("a truncated file keeps nothing else from being copied, and is told", async () => {
  put("commands/a.md", "a");
  put("settings.json", "{bad");
  expect(await share("settings", "commands")).toMatchObject({
    copied: ["commands/a.md"],
    leftOut: [{ what: "settings", why: expect.stringContaining("it is not valid JSON") }],
  });
});
