import { spawn } from "node:child_process";
import { once } from "node:events";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const fileUrl = (name: string) =>
  JSON.stringify(pathToFileURL(`${import.meta.dirname}/${name}`).href);

test.skipIf(process.platform === "win32")(
  "with as many files open as it may git fails with a sentence, a command says why, and the process lives on",
  { timeout: 30_000 },
  async () => {
    const script = `
      import { openSync } from "node:fs";
      import { outliveFullDisk } from ${fileUrl("../base/outlive-full-disk.ts")};
      import { runCommand } from ${fileUrl("../process/run-command.ts")};
      import { runGit } from ${fileUrl("run-git.ts")};
      outliveFullDisk((error) => console.log("outlived", error.code));
      const place = { cwd: "/", env: {}, timeoutMs: 20_000, signal: new AbortController().signal };
      await runGit("/", ["--version"]);
      try { for (;;) openSync("/dev/null", "r"); } catch (error) { console.log(error.code); }
      await runGit("/", ["--version"]).catch((error) => console.log(error.message, error.hint));
      console.log((await runCommand("true", place)).reason);
      console.log("lives on");
      process.exit(0);`;
    const run = 'ulimit -n 64; exec "$0" --input-type=module-typescript -e "$1"';
    const child = spawn("sh", ["-c", run, process.execPath, script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let said = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    await once(child, "close");
    expect(said.trim().split("\n")).toEqual([
      "EMFILE",
      "Switchyard has as many files open as it may, so git could not be started. Raise the limit where you start it, e.g. ulimit -n 4096; switchyard doctor says what it needs.",
      "outlived EMFILE",
      expect.stringContaining("EMFILE"),
      "lives on",
    ]);
  },
);
