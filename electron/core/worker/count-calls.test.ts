import { expect, test } from "vitest";
import type { EvidenceEvent } from "../provider/evidence.ts";
import { countCalls } from "./count-calls.ts";

const noted = { at: "2026-11-21T09:00:00.000Z", signal: "hook:Test" };
const made = (id: string, hasFailed = false): EvidenceEvent => ({
  ...noted,
  kind: "tool-ended",
  tool: "Bash",
  call: { id, text: id, hasFailed },
});
const said = (isSynthetic: boolean): EvidenceEvent => ({
  ...noted,
  kind: "prompt-accepted",
  prompt: "go",
  isSynthetic,
});

/** The calls a session made, `!` after one that failed, and what is counted in the end. */
function check(calls: string, counted: { count: number; failed: number; failing: number }) {
  const events = calls
    .split(" ")
    .map((call) =>
      call === "hello" ? said(false) : made(call.replace("!", ""), call.endsWith("!")),
    );
  const run = countCalls(null, events);
  expect({
    count: run?.count ?? 0,
    failed: run?.failed ?? 0,
    failing: run?.failing?.count ?? 0,
  }).toEqual(counted);
}

test("the same call in a row is counted, another one begins anew", () => {
  check("a a a", { count: 3, failed: 0, failing: 0 });
  check("a a b", { count: 1, failed: 0, failing: 0 });
});

test("failures of one command are counted through what lies between them, until it succeeds", () => {
  check("t! e t! e t!", { count: 1, failed: 1, failing: 3 });
  check("t! e t! e t", { count: 1, failed: 0, failing: 0 });
  check("t! t! t!", { count: 3, failed: 3, failing: 3 });
});

test("a message begins the count anew, one that a program gave itself does not", () => {
  check("a a a hello a", { count: 1, failed: 0, failing: 0 });
  expect(countCalls(null, [made("a"), said(true), made("a")])?.count).toBe(2);
});
