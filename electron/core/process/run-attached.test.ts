import { spawn as spawnPlain } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { spawn } from "node-pty";
import { expect, test } from "vitest";

const MODULE = fileURLToPath(new URL("./run-attached.ts", import.meta.url));
/** Runs a shell script attached, and says with what it ended. */
const program = (script: string) => `
  import(${JSON.stringify(MODULE)})
    .then(({ runAttached }) => runAttached(["sh", "-c", ${JSON.stringify(script)}], process.env))
    .then(({ exitCode }) => console.log("ended with " + exitCode));
`;
const ENV = { PATH: process.env.PATH ?? "" };
const LISTENS = 'trap "echo heard INT" INT; trap "echo heard TERM; exit 9" TERM; echo ready; ';
const UNTIL_TERM = `${LISTENS}while :; do sleep 0.05; done`;

test("Ctrl-C in a terminal reaches the command once, and not us", async () => {
  const pty = spawn(process.execPath, ["-e", program(UNTIL_TERM)], { env: ENV });
  let said = "";
  const ended = new Promise<void>((resolve) => pty.onExit(() => resolve()));
  const until = (what: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!said.includes(what)) return;
        stop.dispose();
        resolve();
      };
      const stop = pty.onData(look);
      look();
    });
  pty.onData((text) => {
    said += text;
  });
  await until("ready");
  pty.write("\x03");
  await until("heard INT");
  // A signal for us alone goes on to it; by then a second INT would have been heard.
  process.kill(pty.pid, "SIGTERM");
  await ended;
  expect(said.match(/heard INT/g)).toHaveLength(1);
  expect(said).toContain("heard TERM");
  expect(said).toContain("ended with 9");
});

test("without a terminal an interrupt for us goes to the command, and output and input are its own", async () => {
  const run = spawnPlain(
    process.execPath,
    ["-e", program(`read line; echo "$line"; ${UNTIL_TERM}`)],
    {
      env: ENV,
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  let said = "";
  const answers = new Map<string, NodeJS.Signals>([
    ["ready", "SIGINT"],
    ["heard INT", "SIGTERM"],
  ]);
  run.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    for (const [word, signal] of answers) {
      if (!said.includes(word)) continue;
      answers.delete(word);
      run.kill(signal);
    }
  });
  run.stdin.write("from outside\n");
  await once(run, "close");
  expect(said).toBe("from outside\nready\nheard INT\nheard TERM\nended with 9\n");
});

test.each([
  ["exit 3", 3],
  ["kill -9 $$", 137],
  ["kill -TERM $$", 143],
])("%s ends as a shell tells it", async (script, exitCode) => {
  const run = spawnPlain(process.execPath, ["-e", program(script)], { env: ENV });
  let said = "";
  run.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  await once(run, "close");
  expect(said).toBe(`ended with ${exitCode}\n`);
});
