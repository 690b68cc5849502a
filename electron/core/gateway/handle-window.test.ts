import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { usualLayouts } from "../../../shared/model/layouts.ts";
import { usualLook } from "../../../shared/model/terminal-look.ts";
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
    lookFile: path.join(folder, "terminal.json"),
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

test("the look of terminals is kept too, and one that is none is told with its place", () => {
  const readLook = () => calls()["window.look"]({}, null as never);
  const keepLook = (look: typeof usualLook) => calls()["window.keep-look"]({ look }, null as never);
  expect(readLook()).toEqual({ look: null, problem: null });
  keepLook({ ...usualLook, fontSize: 15 });
  expect(readLook()).toEqual({ look: { ...usualLook, fontSize: 15 }, problem: null });
  const lookFile = path.join(folder, "terminal.json");
  const { hasLigatures: _, ...older } = usualLook;
  writeFileSync(lookFile, JSON.stringify(older));
  expect(readLook()).toEqual({ look: usualLook, problem: null });
  writeFileSync(lookFile, JSON.stringify({ ...usualLook, fontSize: 200 }));
  const { look, problem } = readLook() as { look: unknown; problem: string };
  expect(look).toBeNull();
  expect(problem).toContain("holds no look of terminals (at fontSize: ");
  keepLook(usualLook);
  expect(readFileSync(`${lookFile}.bad`, "utf8")).toContain("200");
});
