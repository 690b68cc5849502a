import { expect, test } from "vitest";
import { plainText } from "./plain-text.ts";

test("takes colours, titles and control characters out and leaves lines and tabs", () => {
  const text = "\u001b[32m✓\u001b[39m a\tb\r\n\u001b]0;title\u0007c\u0008\u009b";
  expect(plainText(text)).toBe("✓ a\tb\nc");
});
