import { expect, test } from "vitest";
import { whyNoSandbox } from "./why-no-sandbox.ts";

test("what Linux lacks for the sandbox is named, with the way out", () => {
  expect(whyNoSandbox("linux", () => true)).toBe(null);
  expect(whyNoSandbox("linux", (name) => name === "socat")).toBe(
    "Claude Code's sandbox needs bubblewrap, which is not installed. Install it, e.g. apt install bubblewrap. Or switch it off: agents.worker.sandbox: false.",
  );
  expect(whyNoSandbox("linux", () => false)).toContain("bubblewrap and socat, which are not");
});

test("macOS has one of its own, and Windows none that works by itself", () => {
  expect(whyNoSandbox("darwin", () => false)).toBe(null);
  expect(whyNoSandbox("win32", () => true)).toContain("no sandbox on Windows");
});
