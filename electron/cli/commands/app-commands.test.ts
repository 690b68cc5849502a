import { expect, test } from "vitest";
import { runAgainst } from "../fake-surroundings.ts";

const url = "http://127.0.0.1:4242/#code";

test("link prints a fresh link to the window, and nothing else", async () => {
  const handlers = { "app.link": () => ({ url }) };
  expect((await runAgainst({ handlers }, "link")).out).toBe(`${url}\n`);
  expect((await runAgainst({ handlers }, "--quiet", "--json", "link")).json()).toEqual({ url });
});

test("link says so where the app serves none, and where none runs", async () => {
  const handlers = { "app.link": () => ({ url: null }) };
  const desktop = await runAgainst({ handlers }, "link");
  expect([desktop.exitCode, desktop.out]).toEqual([3, ""]);
  expect(desktop.err).toContain("serves no link");
  expect((await runAgainst({ isRunning: false }, "link")).exitCode).toBe(4);
});
