import { expect, test } from "vitest";
import { runAgainst } from "./fake-surroundings.ts";

async function callsOf(...words: readonly string[]) {
  const calls: unknown[] = [];
  const { exitCode } = await runAgainst(
    {
      handlers: {
        "project.accept-mode": (input) => {
          calls.push(input);
          return {};
        },
      },
    },
    "project",
    "set",
    "/work/app",
    ...words,
  );
  return { exitCode, calls };
}

test("a mode in which nothing is asked is accepted for one project, and refused again", async () => {
  const accepted = await callsOf("--accept-mode", "bypassPermissions");
  const call = { project: "/work/app", mode: "bypassPermissions" };
  expect(accepted.calls).toEqual([{ ...call, isAccepted: true }]);
  const refused = await callsOf("--refuse-mode", "bypassPermissions");
  expect(refused.calls).toEqual([{ ...call, isAccepted: false }]);
});

test("other modes need no acceptance", async () => {
  expect(await callsOf("--accept-mode", "plan")).toEqual({ exitCode: 2, calls: [] });
});
