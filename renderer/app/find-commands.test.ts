import { expect, test } from "vitest";
import { make } from "./command.ts";
import { findCommands, groupCommands } from "./find-commands.ts";

const nothing = () => {};
const all = [
  make("Go", "view-tasks", "Show tasks", nothing),
  make("Terminals", "stop-s-1", "Stop t-1 Fix the time zone", nothing),
  make("Profiles", "sign-in-max-1", "Sign in to max-1", nothing),
  make("Profiles", "check-max-1", "Check max-1", nothing),
];
const titles = (text: string) => findCommands(all, text).map(({ title }) => title);

test("finds a command by the beginnings of its words, the best first", () => {
  expect(titles("sign max")).toEqual(["Sign in to max-1"]);
  expect(titles("stop")[0]).toBe("Stop t-1 Fix the time zone");
  expect(titles("nothing like it")).toEqual([]);
});

test("shows a command once, whoever offers it", () => {
  const [stop] = all.slice(1);
  if (stop) expect(findCommands([...all, stop], "stop")).toHaveLength(1);
});

test("keeps to what can be read", () => {
  const many = Array.from({ length: 5_000 }, (_, n) =>
    make("Go", `t-${n}`, `Task t-${n}`, nothing),
  );
  expect(findCommands(many, "task").length).toBeLessThan(100);
});

test("groups in the order in which they are met", () => {
  expect(groupCommands(all).map(([group]) => group)).toEqual(["Go", "Terminals", "Profiles"]);
});
