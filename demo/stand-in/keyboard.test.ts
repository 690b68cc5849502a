import { expect, test } from "vitest";
import { Keyboard } from "./keyboard.ts";

test("takes a pasted message and Enter from one burst", () => {
  check({ sent: ["\x1b[200~two\nlines\x1b[201~\r"], keys: ["two\nlines", "enter"] });
});

test("takes a paste that comes in pieces", () => {
  check({ sent: ["\x1b[200~one ", "and\r", "two\x1b[201~"], keys: ["one and\rtwo"] });
});

test("tells a lone Escape from what a terminal reports", () => {
  check({ sent: ["\x1b", "\x1b[I\x1b[A", "\x1bOP"], keys: ["escape"] });
});

test("keeps a character whole that is cut in two", () => {
  const [first, second] = [Buffer.from("é").subarray(0, 1), Buffer.from("é").subarray(1)];
  check({ sent: [first, second], keys: ["é"] });
});

test("knows the keys that interrupt, end and clear", () => {
  check({ sent: ["\x03\x04\x15\x7f"], keys: ["interrupt", "end", "clear", "erase"] });
});

function check(story: { sent: readonly (string | Buffer)[]; keys: readonly string[] }): void {
  const keyboard = new Keyboard();
  const events = story.sent.flatMap((piece) => keyboard.read(Buffer.from(piece)));
  expect(events.map((event) => (event.kind === "text" ? event.text : event.kind))).toEqual(
    story.keys,
  );
}
