import { expect, test } from "vitest";
import { createLane } from "./lane.ts";

test("works run one at a time, in order, and a failure stays with its caller", async () => {
  const lane = createLane();
  const seen: string[] = [];
  const work = (name: string) => async () => {
    seen.push(`${name} begins`);
    await Promise.resolve();
    seen.push(`${name} ends`);
    if (name === "b") throw new Error("b failed");
    return name;
  };
  const [a, b, c] = [lane.run(work("a")), lane.run(work("b")), lane.run(work("c"))];
  await expect(b).rejects.toThrow("b failed");
  expect(await a).toBe("a");
  expect(await c).toBe("c");
  expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
});

test("idle waits for works that were added while it waited", async () => {
  const lane = createLane();
  const seen: string[] = [];
  void lane.run(async () => {
    void lane.run(async () => void seen.push("inner"));
    seen.push("outer");
  });
  await lane.idle();
  expect(seen).toEqual(["outer", "inner"]);
});
