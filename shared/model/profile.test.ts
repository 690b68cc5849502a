import { expect, test } from "vitest";
import { hasOtherLimits, wordAccount } from "./profile.ts";

const account = { method: "claude.ai", email: "a@b.c", organisation: null, subscription: "max" };
const nameless = { ...account, email: null, subscription: null };

test("an account is told by what is known of it, and one that nobody knows is no sign-in", () => {
  expect(wordAccount({ state: "ready", account })).toBe("a@b.c · max");
  expect(wordAccount({ state: "signed-out", account })).toBe("a@b.c · max");
  expect(wordAccount({ state: "ready", account: nameless })).toBe("Signed in by claude.ai");
  expect(wordAccount({ state: "signed-out", account: nameless })).toBe("Not signed in");
  expect(wordAccount({ state: "unchecked", account: null })).toBe("Not signed in");
});

test("other limits are those of another person, organisation or plan; what is not told is no difference", () => {
  expect(hasOtherLimits(account, { ...account, email: "d@e.f" })).toBe(true);
  expect(hasOtherLimits(account, { ...account, subscription: "pro" })).toBe(true);
  expect(hasOtherLimits(account, { ...account, method: "oauth_token" })).toBe(false);
  expect(hasOtherLimits(account, nameless)).toBe(false);
  expect(hasOtherLimits(nameless, account)).toBe(false);
});
