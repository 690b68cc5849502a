import { join } from "node:path";
import { expect, test } from "vitest";
import { readOddities } from "./read-oddities.ts";
import { openRepository } from "./repository.ts";
import { runGit } from "./run-git.ts";
import { createTestRepository } from "./test-repository.ts";

const PLAIN = {
  ...{ submodules: [], largeFiles: "none" },
  ...{ isShallow: false, isPartial: false, isSparse: false },
};

test("a plain repository has none; submodules, large files and a sparse checkout are found", async () => {
  await using place = await createTestRepository({ "a.txt": "a\n", "dir/b.txt": "b\n" });
  const look = async (revision = "main") => readOddities(place.repo, await place.oid(revision));
  expect(await look()).toEqual(PLAIN);
  await place.git("sparse-checkout", "set", "dir");
  expect(await look()).toEqual({ ...PLAIN, isSparse: true });
  await place.git("sparse-checkout", "disable");

  await place.commitOn("large", { "dir/.gitattributes": "*.bin filter=lfs -text\n" });
  expect((await look("large")).largeFiles).not.toBe("none");

  const inner = `160000,${await place.oid("main")},libs/in ner`;
  await place.git("update-index", "--add", "--cacheinfo", inner);
  const modules = '[submodule "x"]\n\tpath = libs/in ner\n\turl = ../x\n';
  place.write({ ".gitmodules": modules });
  await place.git("add", ".gitmodules");
  await place.git("commit", "-qm", "submodule");
  expect(await look()).toEqual({ ...PLAIN, submodules: ["libs/in ner"] });
});

test("shallow and partial clones are found", async () => {
  await using place = await createTestRepository();
  await place.commitOn("main2", { "b.txt": "b\n" });
  await place.git("config", "uploadpack.allowFilter", "true");
  const clone = async (name: string, ...how: string[]) => {
    const folder = join(place.folder, name);
    const from = `file://${place.repo.root}`;
    await runGit(place.folder, ["clone", "-q", "--branch", "main2", ...how, from, folder]);
    const repo = await openRepository(folder);
    const head = (await runGit(folder, ["rev-parse", "HEAD"])).stdout.trim();
    return readOddities(repo, head);
  };
  expect(await clone("shallow", "--depth=1")).toEqual({ ...PLAIN, isShallow: true });
  expect(await clone("partial", "--filter=blob:none")).toEqual({ ...PLAIN, isPartial: true });
});
