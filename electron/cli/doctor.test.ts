import { expect, test } from "vitest";
import type { Finding } from "../../shared/model/finding.ts";
import { runAgainst } from "./fake-surroundings.ts";

const doctor = (...results: readonly Finding["result"][]) => {
  const findings = results.map((result, at) => ({
    name: `thing ${at}`,
    result,
    detail: "",
    fix: result === "good" ? null : "mend it",
  }));
  return runAgainst({ handlers: { "app.doctor": () => findings } }, "--json", "doctor");
};

test("the doctor ends with 1 when something is bad, and with 0 when it only warns", async () => {
  expect((await doctor("good", "warning")).exitCode).toBe(0);
  const sick = await doctor("good", "bad");
  expect(sick.exitCode).toBe(1);
  expect(sick.json()).toHaveLength(2);
});
