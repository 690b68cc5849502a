import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runGit } from "../demo/run-git.ts";
import { expect, test } from "./fixtures.ts";
import { HOOKS } from "./worker-programs.ts";

const SECRET = "CANARY_4711_of_nobody";
const KEY = `sk-ant-oat01-${SECRET}`;

/** In the place of claude: tells its key wherever it can, in what it prints, in hooks, in an ask and to its tool server. */
const leaky = (node: string, script: string, isSignedIn: boolean) => `#!/bin/sh
case "$1 $2" in
  "--version "*) echo "2.1.0 (a test)"; exit ;;
  "auth login") echo "Your token is ${KEY}"; echo "Login failed: ${KEY} is refused"; exit 1 ;;
  "auth status") ${isSignedIn ? `echo '{"loggedIn":true,"authMethod":"claude.ai"}'` : `echo "new words: ${KEY}" >&2; exit 9`}; exit ;;
esac
exec "${node}" "${script}" "$@"
`;

const worker = `${HOOKS}const { url } = Object.values(valueOf("--mcp-config").mcpServers)[0];
const call = { tool_name: "Bash", tool_input: { command: "curl -H 'x-api-key: ${KEY}' example.test" } };
(async () => {
  // In pieces, as a terminal gets them.
  for (const letter of "The key is ${KEY}.\\n") process.stdout.write(letter);
  await hook("UserPromptSubmit", { prompt: "use ${KEY}" });
  await post(url, { jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "progress", arguments: { note: "found ${KEY}" } } });
  await hook("PreToolUse", call);
  await hook("PermissionRequest", call);
})();
setInterval(() => {}, 1000);
`;

test("a key that the program prints, signals or asks with is in no log, row, notice, list or export @web", async ({
  app,
}) => {
  const { client, home, workFolder } = app;
  const script = path.join(workFolder, "leaky.cjs");
  writeFileSync(script, worker);
  const write = (name: string, isSignedIn: boolean) => {
    const file = path.join(workFolder, name);
    writeFileSync(file, leaky(process.execPath, script, isSignedIn));
    chmodSync(file, 0o755);
    return file;
  };
  await client.call("profile.add", { name: "works", plan: "custom", executable: write("a", true) });
  await client.call("profile.add", { name: "new", plan: "max", executable: write("b", false) });
  expect((await client.call("profile.show", { name: "new" })).reason).toContain("new words:");

  const signIn = await client.call("profile.login", { name: "new" });
  const ended = await expect
    .poll(async () => (await client.call("session.show", { session: signIn.id })).reason)
    .toContain("Login failed")
    .then(() => client.call("session.show", { session: signIn.id }));
  expect(ended.reason).toContain("sk-ant-xxx");

  const repository = path.join(workFolder, "repository");
  runGit(workFolder, "init", "-q", "-b", "main", repository);
  const author = ["-c", "user.name=A", "-c", "user.email=a@example.test"];
  runGit(repository, ...author, "commit", "-q", "--allow-empty", "-m", "first");
  await client.call("project.add", { path: repository, name: "leaks", withoutChecks: true });
  const task = await client.call("task.create", { project: "leaks", title: "Leak" });
  const asks = async () => await client.call("inbox.list", {});
  await expect
    .poll(async () => JSON.stringify(await asks()), { timeout: 20_000 })
    .toContain("curl");
  const { session } = await client.call("task.show", { task: task.id });
  const log = async () => {
    const read = { session: session ?? signIn.id, from: 0, maxBytes: 1 << 20 };
    return Buffer.from((await client.call("session.log", read)).base64, "base64").toString();
  };
  await expect.poll(log).toContain("The key is sk-ant-xxx");

  const exported = path.join(workFolder, "export.db");
  const told = [
    await asks(),
    await log(),
    await client.call("app.backup", { file: exported }),
    await client.call("app.events", { since: 0 }),
    await client.call("profile.list", {}),
    await client.call("session.list", {}),
    await client.call("task.show", { task: task.id }),
    await client.call("profile.check", { name: "new" }),
    (await app.cli("doctor")).stdout,
    (await app.cli("inbox", "list")).stdout,
  ];
  expect(told.filter((each) => JSON.stringify(each).includes(SECRET))).toEqual([]);
  const files = [exported, ...listFiles(home)];
  expect(files.some((file) => file.endsWith("output.log"))).toBe(true);
  expect(files.some((file) => file.endsWith("signals.jsonl"))).toBe(true);
  expect(files.filter((file) => readFileSync(file).includes(SECRET))).toEqual([]);
});

function listFiles(folder: string): readonly string[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  return found.flatMap((each) => (each.isFile() ? [path.join(each.parentPath, each.name)] : []));
}
