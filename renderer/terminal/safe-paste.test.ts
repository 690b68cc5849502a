import { expect, test } from "vitest";
import { preparePaste } from "./safe-paste.ts";

const ESC = "\u001b";

test("takes out the end of a bracketed paste, after which the rest would be typed", () => {
  expect(preparePaste(`ls${ESC}[201~\nrm -rf x`, true).text).toBe("ls\nrm -rf x");
});

test("takes out marks that only come together when another one is taken out", () => {
  expect(preparePaste(`a${ESC}[20${ESC}[201~1~b`, true).text).toBe("ab");
  expect(preparePaste("a\u009b201~b", true).text).toBe("ab");
});

test("takes out control characters, which could be keys, and keeps tabs and line breaks", () => {
  expect(preparePaste(`a\u0003\tb${ESC}c\r\nd`, true).text).toBe("a\tbc\nd");
});

test("asks before several lines go to a program that would run each", () => {
  expect(preparePaste("one\ntwo", false)).toMatchObject({ needsConsent: true, lines: 2 });
  expect(preparePaste("one\ntwo", true).needsConsent).toBe(false);
});

test("drops the last line break where it would run the line, and then needs not ask", () => {
  expect(preparePaste("one\r\n", false)).toMatchObject({ text: "one", needsConsent: false });
});
