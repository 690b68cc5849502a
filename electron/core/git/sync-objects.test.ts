import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { syncObjects } from "./sync-objects.ts";
import { createTestRepository } from "./test-repository.ts";

test("what a worker's git wrote, loose or packed, can be synced", async () => {
  await using place = await createTestRepository({ "a.txt": "one\n" });
  const from = await place.oid("main");
  const to = await place.commitOn("work", { "a.txt": "two\n", "folder/b.txt": "b\n" });
  await syncObjects(place.repo, from, to);
  await place.git("gc", "--quiet");
  await syncObjects(place.repo, from, to);
});

const hasStrace = (() => {
  try {
    execFileSync("strace", ["-V"], { stdio: "pipe" });
    return process.platform === "linux";
  } catch {
    return false;
  }
})();

test.skipIf(!hasStrace)(
  "every new object is synced, and nothing older",
  async ({ onTestFinished }) => {
    await using place = await createTestRepository({ "a.txt": "one\n" });
    const folder = mkdtempSync(join(tmpdir(), "sync-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const from = await place.oid("main");
    const to = await place.commitOn("work", { "a.txt": "two\n" });
    const said = join(folder, "calls");
    const script = `
    import { syncObjects } from ${JSON.stringify(join(import.meta.dirname, "sync-objects.ts"))};
    await syncObjects(${JSON.stringify(place.repo)}, "${from}", "${to}");`;
    const node = [process.execPath, "--input-type=module", "-e", script];
    execFileSync("strace", ["-f", "-y", "-e", "trace=fsync", "-o", said, ...node], {
      stdio: "pipe",
    });
    const synced = readFileSync(said, "utf8")
      .split("\n")
      .flatMap((line) => /objects\/(..)\/([0-9a-f]{38})>/.exec(line)?.slice(1).join("") ?? []);
    const added = await place.git("rev-list", "--objects", "--no-object-names", to, `^${from}`);
    expect(synced.toSorted()).toEqual(added.trim().split("\n").toSorted());
  },
);
