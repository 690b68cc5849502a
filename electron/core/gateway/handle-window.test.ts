import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { usualLayouts } from "../../../shared/model/layouts.ts";
import { handleWindow } from "./handle-window.ts";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "layouts-"));
  file = path.join(folder, "layouts.json");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const calls = () =>
  handleWindow({
    layoutsFile: file,
    readKeys: () => ({ file: "", keys: {}, conflicts: [], problem: null }),
  });
// Neither asks who calls.
const read = () => calls()["window.layouts"]({}, null as never);
const keep = (layouts: typeof usualLayouts) =>
  calls()["window.keep-layouts"]({ layouts }, null as never);

test("layouts are as they were kept, by another core too", () => {
  expect(read()).toEqual({ layouts: null, problem: null });
  const followed = { ...usualLayouts, isFollowing: true };
  keep(followed);
  expect(read()).toEqual({ layouts: followed, problem: null });
});

test("a file that holds none is told, and is not lost when others are kept", async () => {
  const check = async (text: string, why: RegExp) => {
    writeFileSync(file, text);
    const reading = await read();
    expect(reading.layouts).toBeNull();
    expect(reading.problem).toMatch(why);
    expect(reading.problem).toContain(`kept as ${file}.bad`);
    keep(usualLayouts);
    expect(readFileSync(`${file}.bad`, "utf8")).toBe(text);
    expect(read()).toEqual({ layouts: usualLayouts, problem: null });
  };
  await check("{ half", /is no JSON, so the usual layout is shown/);
  await check('{"version":1,"tabs":[]}', /holds no layouts \(at tabs: /);
});
