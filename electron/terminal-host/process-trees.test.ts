import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { isAlive, startTicks } from "../core/base/process-identity.ts";
import { ProcessTrees } from "./process-trees.ts";

test.skipIf(process.platform !== "linux")(
  "a stray is remembered although its environment, its session and its parent are gone",
  async () => {
    using trees = new ProcessTrees();
    const script = "setsid env -i /bin/sh -c 'echo $$; exec sleep 300' & read go";
    const root = spawn("/bin/sh", ["-c", script], { stdio: ["pipe", "pipe", "ignore"] });
    const pid = root.pid ?? 0;
    trees.follow(pid, startTicks(pid));
    const [said] = await once(root.stdout, "data");
    const stray = Number(String(said));
    expect(trees.living(pid)).toContain(stray);
    const ended = once(root, "exit");
    root.kill("SIGKILL");
    await ended;
    expect(trees.living(pid)).toEqual([stray]);
    process.kill(stray, "SIGKILL");
    await expect.poll(() => isAlive({ pid: stray, startTicks: null, bootId: null })).toBe(false);
    expect(trees.living(pid)).toEqual([]);
    trees.forget(pid);
  },
);
