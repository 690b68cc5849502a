import { expect, test } from "vitest";
import type { Evidence } from "../../../shared/model/session.ts";
import type { EvidenceEvent } from "../provider/evidence.ts";
import { appendEvidence } from "./append-evidence.ts";

const at = (second: number) => new Date(Date.UTC(2026, 10, 21, 9, 0, second)).toISOString();
const level = (second: number): EvidenceEvent => ({
  kind: "status-level",
  at: at(second),
  signal: "level:busy",
  level: "busy",
  waitingFor: null,
});
const hook: Evidence = { signal: "hook:UserPromptSubmit", at: at(0), detail: null };

test("the newest level stays, however many hooks follow it", () => {
  let kept = appendEvidence([hook], [level(1)]);
  for (let second = 2; second < 30; second++)
    kept = appendEvidence(kept, [
      { kind: "tool-ended", tool: "Read", at: at(second), signal: "hook:PostToolUse" },
    ]);
  expect(kept).toHaveLength(8);
  expect(kept[0]?.signal).toBe("level:busy");
});

test("the newest hook stays, however many levels follow it", () => {
  let kept: Evidence[] = [hook];
  for (let second = 1; second < 30; second++) kept = appendEvidence(kept, [level(second)]);
  expect(kept).toHaveLength(8);
  expect(kept[0]).toEqual(hook);
  expect(kept.at(-1)?.at).toBe(at(29));
});
