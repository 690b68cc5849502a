import { expect, test } from "vitest";
import { runAgainst } from "./fake-surroundings.ts";

async function callsOf(...words: readonly string[]) {
  const calls: unknown[] = [];
  const { exitCode } = await runAgainst(
    {
      handlers: {
        "project.accept-mode": (input) => {
          calls.push(input);
          return { approval: null };
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

test("a mode is not accepted and refused at once; one for the other is an exchange", async () => {
  expect(await callsOf("--accept-mode", "auto", "--refuse-mode", "auto")).toEqual({
    exitCode: 2,
    calls: [],
  });
  const { calls } = await callsOf("--accept-mode", "auto", "--refuse-mode", "bypassPermissions");
  expect(calls).toHaveLength(2);
});

test("other modes need no acceptance", async () => {
  expect(await callsOf("--accept-mode", "plan")).toEqual({ exitCode: 2, calls: [] });
});

test("it is accepted for as long as is said, and a time that means nothing is told at once", async () => {
  const { calls } = await callsOf("--accept-mode", "auto", "--for", "30m");
  expect(calls).toEqual([
    { project: "/work/app", mode: "auto", isAccepted: true, acceptedMs: 1_800_000 },
  ]);
  for (const time of ["forever", "0h", "8", "-1h", "8d", "1.5h", ""])
    expect(await callsOf("--accept-mode", "auto", "--for", time)).toEqual({
      exitCode: 2,
      calls: [],
    });
  expect(await callsOf("--for", "2h")).toEqual({ exitCode: 2, calls: [] });
});
