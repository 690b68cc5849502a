import { expect, test } from "vitest";
import type { Settings } from "../../../../../shared/model/settings.ts";
import { gateOfSession } from "./gate-of-session.ts";

const place = {
  worktree: "/data/worktrees/app/t-1",
  branch: "switchyard/t-1",
  home: "/home/ann",
  protected: ["/data", "/home/ann/app"],
};
const rules = (person: Settings["guards"], project: Settings["guards"] = {}) =>
  gateOfSession(place, { person: { guards: person }, project: { guards: project } });

test("the person's settings switch the gate off and make exceptions", () => {
  expect(rules({ destructive: "off" })).toBeNull();
  expect(rules({ "destructive-except": ["docker volume rm x"] })?.except).toHaveLength(1);
});

test("a project's file, which workers write, adds what stops and lets nothing by", () => {
  const stops = { name: "no deploys", pattern: "deploy" };
  const found = rules(
    { "destructive-patterns": [{ name: "own", pattern: "own" }] },
    {
      destructive: "off",
      "destructive-except": [".*"],
      "destructive-patterns": [stops],
    },
  );
  expect(found).toMatchObject({ except: [], patterns: [{ name: "own" }, stops] });
});
