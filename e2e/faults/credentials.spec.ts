import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { findClaude } from "../../demo/stand-in/find-claude.ts";
import { createAppHome } from "../app-home.ts";
import { startCore } from "../running-core.ts";
import { openFaultApp, until, untilLanded } from "./fault-app.ts";
import { findTouches, underTrace, whyNoTrace } from "./tools/opened-files.ts";
import { isThere } from "./tools/processes.ts";

const CREDENTIALS = ".credentials.json";

test("R19: no process of ours opens a credentials file, at a check, a start, a sign-in, a sharing or a boot", async () => {
  const reason = whyNoTrace();
  test.skip(reason !== null, reason ?? "");
  const claude = findClaude();
  test.skip(!claude.isReal, "only the real Claude Code keeps credentials, and it is not installed");
  await using traceHome = await createAppHome({});
  const traces = ["first", "second"].map((name) => path.join(traceHome.workFolder, name));
  const [first = "", second = ""] = traces;
  await using app = await openFaultApp({ under: underTrace(first) });
  const dir = path.join(app.home.workFolder, "signed-in");
  writeLogin(dir);
  await app.addProfile("one", { executable: claude.executable, dir });
  await app.addProfile("two", { executable: claude.executable });
  const { profile } = await app.driver.read("profile.check", { name: "one" });
  expect(profile.state).toBe("ready");
  await untilLanded(app, await app.addTask("a", "one"), 90_000);

  const { id } = await app.driver.read("profile.login", { name: "one" });
  await until("the link is caught", async () => {
    const session = await app.driver.read("session.show", { session: id });
    return session.codeLink ?? undefined;
  });
  await app.driver.read("session.stop", { session: id });
  const items = ["skills", "commands", "agents", "mcp-servers", "settings"] as const;
  await app.driver.read("profile.share", { name: "two", from: "one", items: [...items] });
  await app.driver.read("profile.find", {});
  // Its tracer follows the terminal host and keeps the core's pipes open, so only its process is waited for.
  const { pid } = app.core;
  app.core.kill();
  await until("the core is gone", async () => !isThere(pid) || undefined);
  await app.driver.disconnect();
  app.core = await startCore(app.home, { under: underTrace(second) });
  await app.driver.read("profile.check", { name: "one" });

  const touches = traces.flatMap((trace) => findTouches(trace, CREDENTIALS));
  const isTheirs = (program: string) => program.startsWith(`${claude.executable} `);
  // Claude Code itself opens it, so the trace would show it.
  expect(touches.some(({ program }) => isTheirs(program))).toBe(true);
  expect(touches.filter(({ program }) => !isTheirs(program))).toEqual([]);
  expect(readFileSync(path.join(dir, CREDENTIALS), "utf8")).toContain("oat01-made-up");
});

/** As Claude Code keeps it where there is no keychain, with a token that nobody gave out. */
function writeLogin(dir: string): void {
  mkdirSync(dir, { mode: 0o700 });
  const file = path.join(dir, CREDENTIALS);
  const claudeAiOauth = {
    accessToken: "sk-ant-oat01-made-up",
    refreshToken: "sk-ant-ort01-made-up",
    expiresAt: Date.now() + 3_600_000,
    scopes: ["user:inference", "user:profile"],
    subscriptionType: "max",
  };
  writeFileSync(file, JSON.stringify({ claudeAiOauth }));
  chmodSync(file, 0o600);
}
