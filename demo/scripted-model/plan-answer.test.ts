import { expect, test } from "vitest";
import { type Message, RequestBody } from "./model-request.ts";
import { type FailureCounts, planAnswer } from "./plan-answer.ts";
import { writeMarker } from "./read-marker.ts";
import { Scenario, type ScenarioSource } from "./scenario.ts";
import type { ScriptStep } from "./step.ts";

const asks = (text: string): Message => ({ role: "user", content: text });
const script = (...steps: readonly ScriptStep[]) => asks(`Do it. ${writeMarker(steps)}`);
const answers = (): Message => ({ role: "assistant", content: [{ type: "text", text: "…" }] });
const result = (content: string, ...typed: readonly string[]): Message => ({
  role: "user",
  content: [{ type: "tool_result", content }, ...typed.map((text) => ({ type: "text", text }))],
});

const twoSteps = script({ read: "a" }, { say: "done" });
const conflictRule: ScenarioSource = {
  rules: [{ prompt: "conflict", steps: [{ bash: "git merge main" }] }],
};

test("counts the answers since the script was asked for", () => {
  check({ messages: [twoSteps], plays: "read" });
  check({ messages: [twoSteps, answers(), result("text")], plays: "say" });
});

test("reads what was typed behind the reminders of the program", () => {
  const reminder = "<system-reminder>\n# context [[script: [{}]]]\n</system-reminder>";
  const content = [
    { type: "text", text: reminder },
    { type: "text", text: `Go. ${writeMarker([{ glob: "*" }])}` },
  ];
  check({ messages: [{ role: "user", content }], plays: "glob" });
});

test("lets a newer message without a script take over", () => {
  const messages = [twoSteps, answers(), result("text"), answers(), asks("There is a conflict.")];
  check({ messages, scenario: conflictRule, plays: "bash" });
  check({ messages, plays: "say" });
});

test("lets a message take over that came together with a tool's result", () => {
  const messages = [twoSteps, answers(), result("text", "There is a conflict.")];
  check({ messages, scenario: conflictRule, plays: "bash" });
});

test("passes over the program's own notes about an interrupted turn", () => {
  const interrupted = asks("[Request interrupted by user for tool use]");
  check({ messages: [twoSteps, answers(), result("text"), interrupted], plays: "say" });
});

test("plays a script on after a message that only asks to go on", () => {
  const messages = [twoSteps, answers(), result("text"), asks("Your session ended. Go on.")];
  check({ messages, scenario: { goesOn: "Go on" }, plays: "say" });
  const anew = asks(`Go on. It began so: ${writeMarker([{ glob: "*" }])}`);
  check({ messages: [anew], scenario: { goesOn: "Go on" }, plays: "glob" });
});

test("lets a rule go before a script that is repeated", () => {
  const again = asks(`There is a conflict. It began so: ${writeMarker([{ read: "a" }])}`);
  const scenario = { rules: [{ prompt: "conflict", overMarker: true, steps: [{ glob: "*" }] }] };
  check({ messages: [again], scenario, plays: "glob" });
  check({ messages: [again], scenario: conflictRule, plays: "read" });
});

test("fails as often as it is told, then goes on", () => {
  const failures: FailureCounts = new Map();
  const messages = [script({ error: 529, times: 2 }, { say: "at last" })];
  for (const plays of ["error", "error", "say", "say"]) check({ messages, failures, plays });
});

test("goes on refusing what is refused on principle", () => {
  const failures: FailureCounts = new Map();
  for (const _ of [1, 2, 3])
    check({ messages: [script({ error: 401 })], failures, plays: "error" });
});

test("fails in the middle of a conversation", () => {
  const failures: FailureCounts = new Map();
  const failing = script({ read: "a" }, { error: 529 }, { say: "end" });
  check({ messages: [failing], failures, plays: "read" });
  check({ messages: [failing, answers(), result("")], failures, plays: "error" });
  check({ messages: [failing, answers(), result("")], failures, plays: "say" });
});

test("says when the script is over", () => {
  const { turn } = plan({ messages: [twoSteps, answers(), answers()] });
  expect(turn).toEqual([{ kind: "say", text: "Script finished." }]);
});

test("answers the program's own calls without touching the script", () => {
  expect(plan({ messages: [twoSteps], tools: [] }).role).toBe("side");
  expect(plan({ messages: [twoSteps], max_tokens: 1 }).role).toBe("probe");
  const properties = { title: { type: "string" } };
  const format = { schema: { type: "object", properties } };
  const { role, turn } = plan({ messages: [twoSteps], output_config: { format } });
  expect({ role, turn }).toEqual({
    role: "side",
    turn: [{ kind: "say", text: '{"title":"Scripted title"}' }],
  });
});

interface Story {
  readonly messages: readonly Message[];
  readonly scenario?: ScenarioSource;
  readonly failures?: FailureCounts;
  readonly tools?: readonly object[];
  readonly max_tokens?: number;
  readonly output_config?: object;
}

function plan({ scenario = {}, failures = new Map(), ...body }: Story) {
  const request = RequestBody.parse({ tools: [{ name: "Bash" }], ...body });
  const asked = { body: request, session: "one", token: "token" };
  return planAnswer(asked, Scenario.parse(scenario), failures);
}

function check({ plays, ...story }: Story & { readonly plays: string }): void {
  expect(plan(story).turn.map((step) => step.kind)).toEqual([plays]);
}
