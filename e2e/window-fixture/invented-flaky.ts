import type { FlakyTests } from "../../shared/model/flaky-test.ts";

/** What a project's tests came to in two weeks: two quarantined, one that is watched; or nothing. */
export function inventFlakyTests(project: string, isFlaky: boolean): FlakyTests {
  const command = "npm test";
  const until = (day: number) => `2026-12-0${day}T08:30:00.000Z`;
  const term = { since: "2026-11-20T08:30:00.000Z", until: until(4), task: "t-12" as never };
  const tests = [
    {
      ...{ command, flips: 4, ...term },
      test: "src/sync/queue.test.ts > sync queue > keeps the order of writes that arrive while the connection is away",
    },
    {
      command,
      flips: 3,
      ...term,
      until: until(6),
      task: null,
      test: "e2e/login.spec.ts › signs in",
    },
    {
      ...{ command: "npm run check:types", flips: 1, since: null, until: null, task: null },
      test: "src/money.test.ts > rounds half to even",
    },
  ];
  return { project: project as never, known: 412, max: 8, tests: isFlaky ? tests : [] };
}
