import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { check, type QueueFixture } from "./queue-fixture.ts";

/**
 * For tests only: gives the project a check that writes a line for each run, with the names of what is new in its tree, then does `then`.
 * Says which runs there were, and which entries have landed, in order.
 */
export function recordRuns(
  { place, change }: Pick<QueueFixture, "place" | "change">,
  then: string,
) {
  const file = join(place.folder, "runs");
  change({ checks: [check(`echo $(ls | grep -v -e a.txt -e b.txt) >> ${file}; ${then}`)] });
  return {
    runs: () => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []),
    landed: async () => {
      const trailers = "--format=%(trailers:key=Switchyard-Entry,valueonly)";
      const told = await place.git("log", trailers, "main");
      return told.split("\n").filter(Boolean).reverse();
    },
  };
}
