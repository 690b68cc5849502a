import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { resolveBrowser } from "./browser-command.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard-browser-"));
  mkdirSync(join(home, "bin"));
  writeFileSync(join(home, "bin", "fire fox"), "");
  chmodSync(join(home, "bin", "fire fox"), 0o755);
  writeFileSync(join(home, "bin", "plain"), "", { mode: 0o644 });
});
afterEach(() => rmSync(home, { recursive: true }));

const resolve = (command: string) =>
  resolveBrowser(command, { pathVariable: join(home, "bin"), homeFolder: home });

test("a browser is found as a shell would, with its words", () => {
  const file = join(home, "bin", "fire fox");
  expect(resolve(`"fire fox" -P 'my work'`)).toEqual({ file, args: ["-P", "my work"] });
  expect(resolve(`~/bin/"fire fox"`)).toEqual({ file, args: [] });
});

test("a browser that cannot be is told by its failure: missing, not executable, a folder, half a quote", () => {
  expect(() => resolve("netscape -P x")).toThrow("There is no browser netscape.");
  expect(() => resolve("~/nothing")).toThrow("There is no browser ~/nothing.");
  expect(() => resolve("plain")).toThrow(
    `The browser ${join(home, "bin", "plain")} cannot be run: it has no permission to run.`,
  );
  expect(() => resolve("~/bin")).toThrow(/cannot be run: it is a folder/);
  expect(() => resolve(`firefox "`)).toThrow(/A quote \("\) is not ended/);
});
