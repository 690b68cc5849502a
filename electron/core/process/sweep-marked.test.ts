import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { systemClock } from "../base/clock.ts";
import { endMarked, findMarked } from "./sweep-marked.ts";

const onLinux = test.skipIf(process.platform !== "linux");

onLinux(
  "finds and ends what was started for a session, though it left the group and ignores TERM",
  async () => {
    const markers = { SWITCHYARD_SESSION: "s-1", SWITCHYARD_TEST: `sweep ${process.pid}` };
    const script = "setsid sh -c 'trap \"\" TERM; echo up; while :; do sleep 1; done' & wait";
    const env = { PATH: process.env.PATH ?? "" };
    const child = spawn("sh", ["-c", script], {
      env: { ...env, ...markers },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const other = spawn("sleep", ["60"], {
      env: { ...env, ...markers, SWITCHYARD_SESSION: "s-2" },
    });
    try {
      await once(child.stdout, "data");
      expect(findMarked(markers).length).toBeGreaterThanOrEqual(2);
      expect(await endMarked(markers, systemClock, new AbortController().signal)).toEqual([]);
      expect(
        findMarked({ ...markers, SWITCHYARD_SESSION: "s-2" }).map((found) => found.pid),
      ).toEqual([other.pid]);
    } finally {
      other.kill("SIGKILL");
    }
  },
);

test("no marker finds no process", () => {
  expect(findMarked({})).toEqual([]);
});
