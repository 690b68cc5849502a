import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ProjectName } from "../../../shared/model/ids.ts";
import { createQueueFixture, type QueueFixture } from "./queue-fixture.ts";

const APP = ProjectName.parse("app");
const CANDIDATE = "update-ref --no-deref refs/switchyard/cand/";
const LIMIT = { timeout: 120_000 };
const isPaused = ({ store }: QueueFixture) => store.projects.find(APP)?.queue.state === "paused";

/** `git` on the path cleans the repository up right before it runs what begins with `command`, so many times. */
function cleanUpBefore(folder: string, command: string, times: number) {
  const path = process.env.PATH ?? "";
  const real = path
    .split(delimiter)
    .map((each) => join(each, "git"))
    .find((file) => existsSync(file));
  const bin = join(folder, "bin");
  const count = join(folder, "cleaned-up");
  mkdirSync(bin);
  writeFileSync(count, "");
  const script = `#!/bin/sh
case "$*" in *"${command}"*)
  if [ "$(wc -c < "${count}")" -lt ${times} ]; then printf x >> "${count}"; "${real}" prune --expire=now; fi;;
esac
exec "${real}" "$@"
`;
  writeFileSync(join(bin, "git"), script);
  chmodSync(join(bin, "git"), 0o755);
  process.env.PATH = `${bin}${delimiter}${path}`;
  onTestFinished(() => {
    process.env.PATH = path;
  });
  return () => readFileSync(count, "utf8").length;
}

for (const command of ["commit-tree", CANDIDATE]) {
  test(
    `what the person's clean-up takes right before ${command} is made again, and lands`,
    LIMIT,
    async () => {
      await using fixture = await createQueueFixture();
      const first = await fixture.queueWork({ "new.txt": "new\n" });
      const second = await fixture.queueWork({ "other.txt": "other\n" });
      const countCleanUps = cleanUpBefore(fixture.place.folder, command, 2);
      await fixture.queue.settle(new AbortController().signal);
      for (const { id } of [first, second]) {
        await fixture.until(id, (each) => each.state === "landed" || isPaused(fixture));
      }
      expect(fixture.store.projects.find(APP)?.queue).toMatchObject({ state: "running" });
      expect(countCleanUps()).toBe(2);
    },
  );
}

test(
  "a queue whose objects vanish again and again stands still and names what is missing",
  LIMIT,
  async () => {
    await using fixture = await createQueueFixture();
    const entry = await fixture.queueWork({ "new.txt": "new\n" });
    cleanUpBefore(fixture.place.folder, CANDIDATE, 1000);
    await fixture.queue.settle(new AbortController().signal);
    const project = await fixture.untilProject(({ queue }) => queue.state === "paused");
    expect(project.queue.reason).toMatch(/object/);
    expect(fixture.store.entries.find(entry.id)).toMatchObject({ state: "queued" });
  },
);
