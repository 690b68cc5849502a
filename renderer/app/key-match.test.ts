import { expect, test } from "vitest";
import { matchesKeys } from "./key-match.ts";

const press = (key: string, code: string, ...held: ("ctrl" | "shift" | "alt" | "meta")[]) => ({
  key,
  code,
  ctrlKey: held.includes("ctrl"),
  shiftKey: held.includes("shift"),
  altKey: held.includes("alt"),
  metaKey: held.includes("meta"),
});

test("Mod is Ctrl, and Cmd on macOS", () => {
  expect(matchesKeys(press("P", "KeyP", "ctrl", "shift"), "Mod+Shift+P", false)).toBe(true);
  expect(matchesKeys(press("p", "KeyP", "meta", "shift"), "Mod+Shift+P", true)).toBe(true);
  expect(matchesKeys(press("P", "KeyP", "ctrl", "shift"), "Mod+Shift+P", true)).toBe(false);
});

test("finds the full stop by its place, because Shift makes another character of it", () => {
  expect(matchesKeys(press(">", "Period", "ctrl", "shift"), "Mod+Shift+.", false)).toBe(true);
});

test("takes the plus sign with and without Shift", () => {
  expect(matchesKeys(press("+", "Equal", "ctrl", "shift"), "Mod++", false)).toBe(true);
  expect(matchesKeys(press("=", "Equal", "ctrl"), "Mod++", false)).toBe(true);
});

test("matches a single character as it is produced, and only alone", () => {
  expect(matchesKeys(press("?", "Slash", "shift"), "?", false)).toBe(true);
  expect(matchesKeys(press("?", "Slash", "ctrl", "shift"), "?", false)).toBe(false);
});

test("Alt and a number is not that number", () => {
  expect(matchesKeys(press("2", "Digit2", "alt"), "Alt+2", false)).toBe(true);
  expect(matchesKeys(press("2", "Digit2"), "Alt+2", false)).toBe(false);
});
