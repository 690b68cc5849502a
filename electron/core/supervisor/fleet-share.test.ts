import { expect, test } from "vitest";
import { SessionId } from "../../../shared/model/ids.ts";
import { FleetShare } from "./fleet-share.ts";

const ids = [1, 2, 3].map((number) => SessionId.parse(`s-${number}`));
const [first] = ids;
const used = (...tokens: number[]) => new Map(ids.map((id, n) => [id, tokens[n] ?? 0]));

/** The share of the first session after samples five minutes apart, rounded. */
function check(samples: readonly ReadonlyMap<SessionId, number>[], share: number | null) {
  const shares = new FleetShare();
  for (const [n, sample] of samples.entries()) shares.note(n * 5 * 60_000, sample);
  const found = first ? shares.shareOf(first) : null;
  expect(found === null ? null : Math.round(found)).toBe(share);
}

test("a session's share is that of the tokens of late", () => {
  check([used(), used(150_000, 25_000, 25_000)], 75);
  check([used(1_000_000), used(1_000_000, 50_000, 50_000)], 0);
});
test("what is longer ago than a quarter of an hour does not count", () =>
  check([used(), used(900_000), used(900_000), used(900_000), used(900_000, 100_000)], 0));
test("little use has no shares, nor have two sessions", () => {
  check([used(), used(50_000, 1, 1)], null);
  const two = new Map([...used(500_000, 1)].slice(0, 2));
  check([new Map(), two], null);
});
