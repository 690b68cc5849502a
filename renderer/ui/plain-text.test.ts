import { expect, test } from "vitest";
import { exactText, plainText } from "./plain-text.ts";

test("takes colours, titles and control characters out and leaves lines and tabs", () => {
  const text = "\u001b[32m✓\u001b[39m a\tb\r\n\u001b]0;title\u0007c\u0008\u009b";
  expect(plainText(text)).toBe("✓ a\tb\nc");
});

test("shows what would be unseen in a command, so that it reads as what it is", () => {
  expect(exactText("rm a\u202etxt.\u200b\n\tok\u001b[2K")).toBe(
    "rm a‹U+202E›txt.‹U+200B›\n\tok‹U+001B›[2K",
  );
});
