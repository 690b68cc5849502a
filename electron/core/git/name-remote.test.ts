import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nameAddress, nameRemote } from "./name-remote.ts";
import { createTestRepository } from "./test-repository.ts";

test("a repository is known by whichever form of address GitHub gives out, without what else is in it", () => {
  const app = "github.com/acme/the.app";
  for (const address of [
    "https://github.com/acme/the.app.git",
    "https://ann:token@GitHub.com/acme/the.app",
    "https://www.github.com/acme/the.app/",
    "git@github.com:acme/the.app.git",
    "ssh://git@github.com/acme/the.app.git",
    "ssh://git@ssh.github.com:443/acme/the.app.git",
    "git://github.com/acme/the.app",
  ])
    expect([address, nameAddress(address)]).toEqual([address, app]);
  expect(nameAddress("git@ghe.example.com:team/app")).toBe("ghe.example.com/team/app");
  for (const address of [
    "/srv/git/app.git",
    "../app",
    "file:///srv/git/app.git",
    "C:\\git\\app",
    "https://gitlab.com/group/sub/app.git",
    "https://github.com/acme",
    "",
  ])
    expect([address, nameAddress(address)]).toEqual([address, null]);
});

test("a remote that git is told to reach in another way is known by either", async () => {
  await using place = await createTestRepository();
  const { signal } = new AbortController();
  await place.git("remote", "add", "short", "gh:acme/app");
  await place.git("remote", "add", "near", "https://github.com/acme/app");
  const rewritten = [
    `[url "git@github.com:"]\n\tinsteadOf = gh:\n`,
    `[url "/srv/near"]\n\tinsteadOf = https://github.com/acme/app\n`,
  ];
  appendFileSync(join(place.repo.commonDir, "config"), rewritten.join(""));
  for (const remote of ["short", "near"])
    expect(await nameRemote(place.repo, remote, signal)).toBe("github.com/acme/app");
});
