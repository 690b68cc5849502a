import { expect, test } from "vitest";
import { runStories, writeStory } from "./run-stories.ts";

test("whatever a program prints and a person does meanwhile, each window shows what a terminal shows that had every byte", async () => {
  const failures = await runStories(1, 30);
  expect(failures.map(({ story, error }) => `${error}: ${writeStory(story)}`)).toEqual([]);
});
