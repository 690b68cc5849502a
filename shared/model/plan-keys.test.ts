import fc from "fast-check";
import { expect, test } from "vitest";
import { KEY_ACTION_NAMES, KEY_ACTIONS, whyNotKeys } from "./key-actions.ts";
import { describeConflict } from "./key-conflict.ts";
import { planKeys } from "./plan-keys.ts";

test("the usual keys are keys of the app, and no two actions want the same", () => {
  const { conflicts, keys } = planKeys({});
  expect(conflicts).toEqual([]);
  for (const action of KEY_ACTION_NAMES) {
    const [, usual] = KEY_ACTIONS[action];
    expect(keys[action]).toBe(usual);
    expect(usual === null ? null : whyNotKeys(usual)).toBeNull();
  }
});

test("what a person gives goes before what an action has by itself, and that is told", () => {
  const { keys, conflicts } = planKeys({ broadcast: "shift+Mod+m".replace("shift", "Shift") });
  expect(keys.broadcast).toBe("Mod+Shift+M");
  expect(keys.maximise).toBeNull();
  expect(conflicts.map(describeConflict)).toEqual([
    "Mod+Shift+M is wanted by broadcast and by maximise: it does broadcast, and maximise has no keys",
  ]);
});

test("none takes keys away, and they are free for another", () => {
  const { keys, conflicts } = planKeys({ maximise: "none", reply: "Mod+Shift+M" });
  expect(keys.maximise).toBeNull();
  expect(keys.reply).toBe("Mod+Shift+M");
  expect(conflicts).toEqual([]);
});

test("keys that a program in a terminal needs are refused", () => {
  for (const keys of ["Mod+C", "a", "7", "Alt+x", "Enter", "Mod+Alt+Q", "/", "Shift+A"]) {
    expect(whyNotKeys(keys)).toMatch(/belong to the program/);
  }
  for (const keys of ["", "Mod+", "Hyper+A", "Mod+Mod+A", "F13", "Mod+Shift+Ä"]) {
    expect(whyNotKeys(keys)).toMatch(/^write keys such as/);
  }
});

test("each chord does one thing, whatever is given", () => {
  const chord = fc.constantFrom("none", "F8", "Mod+Shift+M", "Mod+Shift+R", "Alt+1", "?");
  const given = fc.dictionary(fc.constantFrom(...KEY_ACTION_NAMES), chord);
  fc.assert(
    fc.property(given, (file) => {
      const { keys, conflicts } = planKeys(file);
      const held = Object.values(keys).filter((each) => each !== null);
      expect(new Set(held).size).toBe(held.length);
      for (const { wins, loses } of conflicts) {
        expect(keys[wins as keyof typeof keys]).not.toBeNull();
        for (const loser of loses) expect(keys[loser as keyof typeof keys]).toBeNull();
      }
    }),
  );
});
