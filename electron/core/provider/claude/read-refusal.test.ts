import { expect, test } from "vitest";
import { readClaudeSignal } from "./read-claude-signal.ts";
import { readRefusal } from "./read-refusal.ts";

const now = new Date("2026-11-21T15:50:00.000Z");

test.each([
  // Printed by 2.1.329 against the scripted model.
  ["You've hit your 5-hour limit · resets 5:13pm (UTC)", "2026-11-21T17:14:00.000Z", "fiveHour"],
  [
    "You've hit your weekly limit · resets Nov 23, 11:17pm (UTC)",
    "2026-11-23T23:18:00.000Z",
    "sevenDay",
  ],
  // Wordings of other versions.
  ["You've hit your session limit · resets 7:52am (UTC)", "2026-11-22T07:53:00.000Z", "fiveHour"],
  ["Limit reached · resets Nov 27 at 6am (Europe/Oslo)", "2026-11-27T05:01:00.000Z", null],
  ["You've hit your limit · resets 12am (Asia/Kolkata)", "2026-11-21T18:31:00.000Z", null],
  ["You're out of extra usage · resets 3pm (America/New_York)", "2026-11-21T20:01:00.000Z", null],
  // What cannot be is not believed.
  ["You've hit your weekly limit · resets Dec 23, 11:17pm (UTC)", null, "sevenDay"],
  ["You've hit your limit · resets 5am (Mars/Olympus)", null, null],
  ["Claude usage limit reached", null, null],
  ["You've hit your Opus limit · resets 5:13pm (UTC)", "2026-11-21T17:14:00.000Z", null],
])("%s", (message, resetsAt, name) => {
  expect(readRefusal(message, now)).toEqual({ kind: "window", name, resetsAt });
});

test.each([
  ["Oct 28, 9am (Europe/Berlin)", "2026-10-23T12:00:00.000Z", "2026-10-28T08:01:00.000Z"],
  ["4am (Europe/Berlin)", "2026-10-24T22:30:00.000Z", "2026-10-25T03:01:00.000Z"],
  ["9am (Europe/Berlin)", "2026-03-28T12:00:00.000Z", "2026-03-29T07:01:00.000Z"],
])("where the clocks change before the reset it is by the new time: %s", (told, at, resetsAt) => {
  const refusal = readRefusal(`You've hit your weekly limit · resets ${told}`, new Date(at));
  expect(refusal).toMatchObject({ resetsAt });
});

test("a reset told on the last day of a year is in the next one", () => {
  const eve = new Date("2026-12-31T22:00:00.000Z");
  expect(readRefusal("You've hit your weekly limit · resets Jan 3, 9am (UTC)", eve)).toEqual({
    kind: "window",
    name: "sevenDay",
    resetsAt: "2027-01-03T09:01:00.000Z",
  });
});

test.each([
  [
    "API Error: Server is temporarily limiting requests (not your usage limit) · This request would exceed your account's rate limit.",
    "throttled",
  ],
  [
    "API Error: Server is temporarily limiting requests (not your usage limit) · Too many concurrent sessions",
    "crowded",
  ],
  ["something that no version has said yet", "throttled"],
  ["You've hit your org's monthly spend limit · ask your admin to raise it", "spend"],
  ["You've hit your individual spend limit · run /usage-credits", "spend"],
  ["Credit balance is too low", "spend"],
  ["You've hit your org's monthly usage limit", "spend"],
  ["Your usage allocation has been disabled by your admin", "spend"],
  ["API Error: 402 payment required", "spend"],
])("%s is %s", (message, kind) => {
  expect(readRefusal(message, now)).toEqual({ kind });
});

test.each([
  ["rate_limit", "You've hit your weekly limit · resets Nov 23, 11:17pm (UTC)", "rate-limit"],
  ["rate_limit", "You've hit your individual spend limit · ask your admin", "spend"],
  ["billing_error", "Credit balance is too low", "spend"],
  ["unknown", "Credit balance is too low", "spend"],
  ["unknown", "API Error: 402 x", "spend"],
  ["overloaded", "API Error: 529 Overloaded.", "server"],
  ["server_error", "API Error: 529 Overloaded. A spend limit is not at fault.", "server"],
  ["account_on_hold", "Your account is on hold", "authentication"],
  ["a word of next year", "?", "unknown"],
])("a failed turn of kind %s that says %s is %s", (error, last_assistant_message, kind) => {
  const body = { hook_event_name: "StopFailure", error, last_assistant_message };
  const { evidence } = readClaudeSignal({ at: now.toISOString(), kind: "hook", body });
  expect(evidence).toMatchObject([{ kind: "turn-failed", error: kind }]);
});
