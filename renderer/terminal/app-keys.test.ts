import { expect, test } from "vitest";
import { isAppKey, isLineBreakKey } from "./app-keys.ts";

const press = (key: string, ...held: ("ctrl" | "shift" | "alt" | "meta")[]) => ({
  key,
  ctrlKey: held.includes("ctrl"),
  shiftKey: held.includes("shift"),
  altKey: held.includes("alt"),
  metaKey: held.includes("meta"),
});

test("leaves every bare Ctrl+letter to the program", () => {
  for (const letter of "abcdefghijklmnopqrstuvwxyz") {
    expect(isAppKey(press(letter, "ctrl"), false)).toBe(false);
  }
});

test("takes Ctrl+Shift, Ctrl+Tab, zoom and Alt+number for the app", () => {
  expect(isAppKey(press("P", "ctrl", "shift"), false)).toBe(true);
  expect(isAppKey(press("Tab", "ctrl"), false)).toBe(true);
  expect(isAppKey(press("+", "ctrl"), false)).toBe(true);
  expect(isAppKey(press("3", "alt"), false)).toBe(true);
});

test("takes Cmd on macOS and leaves Ctrl+Shift there to the program", () => {
  expect(isAppKey(press("p", "meta", "shift"), true)).toBe(true);
  expect(isAppKey(press("P", "ctrl", "shift"), true)).toBe(false);
});

test("knows Shift+Enter from Enter", () => {
  expect(isLineBreakKey(press("Enter", "shift"))).toBe(true);
  expect(isLineBreakKey(press("Enter"))).toBe(false);
  expect(isLineBreakKey(press("Enter", "shift", "ctrl"))).toBe(false);
});
