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

test("finds brackets, arrows and Tab with Shift, and tells F6 from Shift+F6", () => {
  expect(matchesKeys(press("}", "BracketRight", "ctrl", "shift"), "Mod+Shift+]", false)).toBe(true);
  const arrow = press("ArrowLeft", "ArrowLeft", "ctrl", "shift");
  expect(matchesKeys(arrow, "Mod+Shift+ArrowLeft", false)).toBe(true);
  expect(matchesKeys(press("Tab", "Tab", "ctrl", "shift"), "Mod+Tab", false)).toBe(false);
  expect(matchesKeys(press("F6", "F6"), "F6", false)).toBe(true);
  expect(matchesKeys(press("F6", "F6", "shift"), "F6", false)).toBe(false);
  expect(matchesKeys(press("F6", "F6", "shift"), "Shift+F6", false)).toBe(true);
});
