import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createQueueFixture, type QueueFixture } from "../queue-fixture.ts";
import { startQueue, untilState } from "./run-queue.ts";

/** A small disk in memory in the place of the worktrees. Disposal unmounts it, before the folder around it is removed. */
function mountWorktrees({ home }: QueueFixture, size: string) {
  const folder = join(home, "worktrees");
  mkdirSync(folder, { recursive: true });
  const mount = (...args: readonly string[]) => execFileSync("mount", args, { stdio: "pipe" });
  mount("-t", "tmpfs", "-o", `size=${size}`, "switchyard-test", folder);
  return {
    grow: (to: string) => mount("-o", `remount,size=${to}`, folder),
    [Symbol.dispose]: () => void execFileSync("umount", ["-l", folder], { stdio: "pipe" }),
  };
}

const canMount = process.platform === "linux" && process.getuid?.() === 0;

test.skipIf(!canMount)(
  "on a disk that is full in the middle of a checkout the queue pauses and says so; the target stays, and all lands once there is room",
  async () => {
    await using fixture = await createQueueFixture({ unaudited: "its worktrees are unmounted" });
    const { place } = fixture;
    using disk = mountWorktrees(fixture, "1m");
    const before = await place.oid("main");
    const { id } = await fixture.queueWork({ "large.txt": "0123456789abcde\n".repeat(200_000) });
    await startQueue(fixture);
    const { queue } = await fixture.untilProject((project) => project.queue.state === "paused");
    expect(queue.reason).toMatch(
      /^The disk of .* has too little room for what is checked: unable to write/,
    );
    expect(await place.oid("main")).toBe(before);
    expect(fixture.store.entries.find(id)?.state).toBe("queued");
    disk.grow("64m");
    const { project } = await untilState(fixture, id, "queued");
    fixture.queue.resume(project);
    await untilState(fixture, id, "landed");
    await fixture.queue.dispose();
    place.audit(fixture.home, "main");
  },
);
