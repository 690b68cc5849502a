import { expect, test } from "vitest";
import { OpeningQueue } from "./open-in-turn.ts";

const OPENING_MS = 12;

/** A queue whose frames and clock the test holds: each terminal takes twelve milliseconds. */
function makeQueue() {
  const opened: string[] = [];
  const frames: (() => void)[] = [];
  let nowMs = 0;
  const queue = new OpeningQueue(
    (run) => frames.push(run),
    () => nowMs,
  );
  const join = (name: string) =>
    queue.join(() => {
      opened.push(name);
      nowMs += OPENING_MS;
    });
  return { opened, join, frame: () => frames.shift()?.() };
}

test("opens the first at once and the others a few with each frame", () => {
  const { opened, join, frame } = makeQueue();
  for (const name of ["a", "b", "c", "d", "e"]) join(name);
  expect(opened).toEqual(["a"]);
  frame();
  expect(opened).toEqual(["a", "b", "c"]);
  frame();
  expect(opened).toEqual(["a", "b", "c", "d", "e"]);
});

test("opens what a person looks at before its turn, and once", () => {
  const { opened, join, frame } = makeQueue();
  const turns = ["a", "b", "c", "d"].map(join);
  turns[3]?.hurry();
  turns[3]?.hurry();
  expect(opened).toEqual(["a", "d"]);
  frame();
  frame();
  expect(opened).toEqual(["a", "d", "b", "c"]);
});

test("opens nothing that is gone before its turn", () => {
  const { opened, join, frame } = makeQueue();
  const turns = ["a", "b", "c"].map(join);
  turns[1]?.leave();
  frame();
  expect(opened).toEqual(["a", "c"]);
});

test("opens one that comes alone at once, also after a rest", () => {
  const { opened, join, frame } = makeQueue();
  join("a");
  frame();
  join("b");
  expect(opened).toEqual(["a", "b"]);
});
