import { expect, test } from "vitest";
import { joinHandback } from "./join-handback.ts";

test("what was not told yet stays in front of what is new", () => {
  expect(joinHandback("redo", "and no TLS")).toBe("redo\n\nand no TLS");
  expect(joinHandback("redo", null)).toBe("redo");
  expect(joinHandback(null, "and no TLS")).toBe("and no TLS");
  expect(joinHandback(null, null)).toBe(null);
});
