import { expect, test } from "vitest";
import { nameKey } from "./person-key.ts";

const check = (typed: string, name: string | null) =>
  expect(nameKey(Uint8Array.from(typed, (letter) => letter.charCodeAt(0)))).toBe(name);

test("a key that decides something is known by its name, and a number not by its value", () => {
  check("\u001b", "Esc");
  check("\u0003", "Ctrl-C");
  check("\r", "Enter");
  check("1", "number");
  check("9", "number");
});

test("what is typed or pasted has no name", () => {
  check("", null);
  check("0", null);
  check("y", null);
  check("hello\r", null);
  check("\u001b[A", null);
  check("\u001b[200~secret\u001b[201~", null);
});
