import { expect, test } from "vitest";
import { freshPull } from "../../../shared/model/pull-request.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import { explainEntry } from "./explain-entry.ts";

test("what waits as a pull request is told with its number and address, also while all is halted", () => {
  const pull = freshPull({ remote: "origin", target: "main" }, null);
  const url = "https://github.com/acme/app/pull/4";
  const pullRequest = { ...pull, number: 4, url, pushed: "a".repeat(40) };
  // Only what is told of is here.
  const entry = {
    ...{ id: "q-2", state: "proposed", position: 1, reason: null, files: [] as string[] },
    pullRequest,
  } as unknown as QueueEntry;
  const place = "Its branch is proposed in the merge queue, at position 1.";
  expect(explainEntry(entry, null).text).toBe(`${place} Pull request #4 waits on origin: ${url}`);
  expect(explainEntry(entry, "All is halted").text).toContain(`${place} All is halted. Pull`);
  const plain = { ...entry, state: "held", reason: "why", files: ["a.ts"], pullRequest: null };
  const told = explainEntry(plain as unknown as QueueEntry, null);
  expect(told).toEqual({
    ...{ kind: "queued", subject: "q-2" },
    text: "Its branch is held in the merge queue, at position 1: why (a.ts).",
  });
});
