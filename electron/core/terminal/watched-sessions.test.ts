import { expect, test } from "vitest";
import { SessionId } from "../../../shared/model/ids.ts";
import { WatchedSessions } from "./watched-sessions.ts";

const session = SessionId.parse("s-1");

test("a session is watched until the last look at it is over", () => {
  const watched = new WatchedSessions();
  const [one, two] = [watched.enter(session), watched.enter(session)];
  one.leave();
  one.leave();
  expect(watched.isWatched(session)).toBe(true);
  two.leave();
  expect(watched.isWatched(session)).toBe(false);
});

test("it has the keyboard while one of its looks has", () => {
  const watched = new WatchedSessions();
  const one = watched.enter(session, true);
  const two = watched.enter(session);
  expect(watched.hasKeyboard(session)).toBe(true);
  one.focus(false);
  expect(watched.hasKeyboard(session)).toBe(false);
  two.focus(true);
  two.leave();
  two.focus(true);
  expect(watched.hasKeyboard(session)).toBe(false);
});
