import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findProfileFolders, freeName } from "./find-profile-folders.ts";
import {
  describeLooseFolder,
  refuseUnusableFolder,
  requireFolder,
  toProfileDir,
} from "./profile-folder.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard-home-"));
});
afterEach(() => rmSync(home, { recursive: true }));

function folder(path: string, mode = 0o700): string {
  const dir = join(home, path);
  mkdirSync(dir, { recursive: true });
  chmodSync(dir, mode);
  return dir;
}

function file(path: string, content: string): string {
  const place = join(home, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content, { mode: 0o755 });
  return place;
}

test("a folder is spelled one way for ever", () => {
  expect(toProfileDir("~/.claude-2/", home)).toBe(join(home, ".claude-2"));
  expect(toProfileDir("/p/max-1", home)).toBe("/p/max-1");
  expect(toProfileDir("/p//a/../max-1/./", home)).toBe("/p/max-1");
  expect(() => toProfileDir("here", home)).toThrow(/not an absolute path/);
});

test("the default folder is the default profile, with the variable unset", () => {
  expect(toProfileDir("~/.claude", home)).toBeNull();
  expect(toProfileDir(`${join(home, ".claude")}/`, home)).toBeNull();
});

test("what cannot be a profile's folder is refused, each with its sentence", () => {
  const plain = file("plain", "");
  expect(() => refuseUnusableFolder(plain, [], home)).toThrow(/is a file, not a folder/);
  const real = folder("real");
  const link = join(home, "link");
  symlinkSync(real, link);
  expect(() => refuseUnusableFolder(link, [], home)).toThrow(/is a link to another place/);
  expect(() => refuseUnusableFolder(real, [{ name: "max-1", dir: real }], home)).toThrow(
    /already belongs to the profile max-1/,
  );
  expect(() =>
    refuseUnusableFolder(join(home, "new"), [{ name: "max-1", dir: real }], home),
  ).not.toThrow();
});

test("one folder behind two spellings is still one", () => {
  const real = folder("deep/real");
  symlinkSync(join(home, "deep"), join(home, "short"));
  folder(".claude");
  const isShared = (dir: string, other: string | null) =>
    expect(() =>
      refuseUnusableFolder(join(home, dir), [{ name: "max-1", dir: other }], home),
    ).toThrow(/share one login/);
  isShared("short/real", real);
  isShared("short/new", join(home, "deep", "new"));
  symlinkSync(home, join(home, "house"));
  isShared("house/.claude", null);
});

test.skipIf(process.getuid?.() === 0)("a folder of somebody else's is refused", () => {
  expect(() => refuseUnusableFolder(folder("locked", 0o500), [], home)).toThrow(
    /cannot be written/,
  );
});

test("a folder that others can enter is a finding with its fix", () => {
  expect(describeLooseFolder(folder("tight"))).toBeNull();
  expect(describeLooseFolder(join(home, "nothing"))).toBeNull();
  const loose = folder("loose", 0o755);
  expect(describeLooseFolder(loose)).toEqual({
    detail: `${loose} can be looked into by other users of this machine; it holds a login.`,
    fix: `chmod 700 ${loose}`,
  });
  expect(describeLooseFolder(folder("open", 0o777))?.detail).toMatch(/written to/);
});

const plain = { executable: null, problem: null };

test("folders that look like profiles are found where people keep them", () => {
  const inHome = [folder(".claude"), folder(".claude-work")];
  const own = folder(".config/claude-profiles/max 1");
  const far = folder("somewhere/pro");
  const script = file(
    "bin/claude-pro",
    `#!/bin/bash\nexport CLAUDE_CONFIG_DIR="$HOME/somewhere/pro"\nexec claude "$@"\n`,
  );
  file(".local/bin/again", `#!/bin/sh\nCLAUDE_CONFIG_DIR=~/.claude-work exec claude\n`);
  file("bin/gone", "#!/bin/sh\nCLAUDE_CONFIG_DIR=/not/there claude\n");
  file("bin/computed", `#!/bin/sh\nCLAUDE_CONFIG_DIR=$(pwd) claude\n`);
  file("bin/no-script", "CLAUDE_CONFIG_DIR=/tmp");
  file(".claude-notes", "a file");
  symlinkSync("/not/there", join(home, "bin/dangling"));

  expect(findProfileFolders(home, { dirs: [], names: [] })).toEqual([
    { dir: inHome[0], name: "default", source: inHome[0], ...plain },
    { dir: inHome[1], name: "work", source: inHome[1], ...plain },
    { dir: own, name: "max-1", source: own, ...plain },
    { dir: far, name: "pro", source: script, ...plain },
  ]);
});

test("what is known is not found again, and a taken name gets a number", () => {
  const work = folder(".claude-work");
  const known = folder(".claude-known");
  expect(findProfileFolders(home, { dirs: [known], names: ["work"] })).toEqual([
    { dir: work, name: "work-2", source: work, ...plain },
  ]);
});

test("what is found and cannot be taken over says why", () => {
  const real = folder("elsewhere");
  const link = join(home, ".claude-linked");
  symlinkSync(real, link);
  expect(findProfileFolders(home, { dirs: [], names: [] })).toEqual([
    {
      dir: link,
      name: "linked",
      source: link,
      executable: null,
      problem: `${link} is a link to another place; a login is kept by the spelling of its folder, and a link that moves would lose it. Name the folder it points to.`,
    },
  ]);
});

test("a link that leads in a circle is no folder, and hides no other", () => {
  symlinkSync(".claude-circle", join(home, ".claude-circle"));
  const work = folder(".claude-work");
  expect(findProfileFolders(home, { dirs: [], names: [] })).toEqual([
    { dir: work, name: "work", source: work, ...plain },
  ]);
  expect(() => requireFolder(join(home, ".claude-circle"))).toThrow(/There is no folder/);
});

test("a link to a known folder is nothing new, and one to another does not hide that", () => {
  const known = folder("known");
  symlinkSync(known, join(home, ".claude-known"));
  const work = folder(".claude-work");
  symlinkSync(work, join(home, ".claude-a"));
  const found = findProfileFolders(home, { dirs: [known], names: [] });
  expect(found.map(({ name, problem }) => [name, problem !== null])).toEqual([
    ["a", true],
    ["work", false],
  ]);
});

test("finding touches nothing", () => {
  const work = folder(".claude-work", 0o755);
  const secret = file(".claude-work/.credentials.json", "secret");
  const before = statSync(secret).atimeMs;
  findProfileFolders(home, { dirs: [], names: [] });
  expect(statSync(work).mode & 0o777).toBe(0o755);
  expect(statSync(secret).atimeMs).toBe(before);
  expect(readFileSync(secret, "utf8")).toBe("secret");
});

test("a free name differs from those taken by more than its case", () => {
  expect(freeName("Work", new Set(["work", "WORK-2"]))).toBe("Work-3");
});
