import { expect, test } from "vitest";
import { SessionId } from "../../shared/model/ids.ts";
import { HeldRequests } from "./held-requests.ts";

/** What the asker gets for an answer that gives back the input it is told, changed by `change`. */
function answerWith(body: object, change = (told: string) => told) {
  const requests = new HeldRequests();
  let got = "";
  const held = requests.hold(SessionId.parse("s-1"), "ask", JSON.stringify(body), (answer) => {
    got = answer.body;
  });
  requests.answer(held.request, { status: 200, body: change(held.body) });
  return { told: held.body, got };
}

test("a key is masked for whoever hears of the request, and the asker gets its own back", () => {
  const plan = {
    plan: "send sk-ant-api03-abc_D-1, then sk-ant-oat01-zz",
    twice: "sk-ant-api03-abc_D-1",
  };
  const { told, got } = answerWith(plan);
  expect(told).not.toContain("abc");
  expect(told).not.toContain("zz");
  expect(JSON.parse(got)).toEqual(plan);
});

test("keys that are masked alike come back in their order, or not at all", () => {
  const two = { a: "sk-ant-11", b: "sk-ant-22" };
  expect(JSON.parse(answerWith(two).got)).toEqual(two);
  const one = answerWith(two, (told) => JSON.stringify({ b: JSON.parse(told).b }));
  expect(JSON.parse(one.got)).toEqual({ b: "sk-ant-xx" });
  expect(answerWith(two, () => "{}").got).toBe("{}");
});
