import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dataFolder, prepareDataFolder, resolveHome, verifySocketFolder } from "./data-folder.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "data-folder-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const mode = (path: string) => lstatSync(path).mode & 0o777;

test("--home wins over SWITCHYARD_HOME, which wins over the platform's place", () => {
  const env = { HOME: root, SWITCHYARD_HOME: join(root, "from-env") };
  expect(resolveHome({ home: join(root, "asked"), env })).toBe(join(root, "asked"));
  expect(resolveHome({ env })).toBe(join(root, "from-env"));
  expect(resolveHome({ env: { HOME: root }, platform: "linux" })).toBe(
    join(root, ".local/share/switchyard"),
  );
  expect(resolveHome({ env: { HOME: root, XDG_DATA_HOME: "/x" }, platform: "linux" })).toBe(
    "/x/switchyard",
  );
  expect(resolveHome({ env: { HOME: root }, platform: "darwin" })).toBe(
    join(root, "Library/Application Support/Switchyard"),
  );
});

test("a tilde means the person's home, and a relative path becomes absolute", () => {
  expect(resolveHome({ home: "~/sy", env: { HOME: root } })).toBe(join(root, "sy"));
  expect(resolveHome({ home: "~", env: { HOME: root } })).toBe(root);
  expect(resolveHome({ home: "sy", env: {} })).toBe(join(process.cwd(), "sy"));
});

test("one folder has one spelling, whichever link leads to it and whether or not it exists yet", () => {
  mkdirSync(join(root, "real"));
  symlinkSync(join(root, "real"), join(root, "link"));
  const before = resolveHome({ home: join(root, "link", "home"), env: {} });
  mkdirSync(join(root, "real", "home"));
  const after = resolveHome({ home: join(root, "link", "home"), env: {} });
  expect([before, after]).toEqual([join(root, "real/home"), join(root, "real/home")]);
});

test("the home, run and profiles are for their owner alone, and making them twice changes nothing", () => {
  const folder = dataFolder(join(root, "home"));
  prepareDataFolder(folder);
  chmodSync(folder.run, 0o755);
  prepareDataFolder(folder);
  expect([folder.home, folder.run, folder.profiles].map(mode)).toEqual([0o700, 0o700, 0o700]);
});

test("a home that is a file is refused with a way out", () => {
  writeFileSync(join(root, "file"), "");
  expect(() => prepareDataFolder(dataFolder(join(root, "file")))).toThrow(
    expect.objectContaining({
      code: "data-folder-unusable",
      hint: expect.stringContaining("--home"),
    }),
  );
  expect(() => prepareDataFolder(dataFolder(join(root, "file", "below")))).toThrow(
    expect.objectContaining({ code: "data-folder-unusable" }),
  );
});

test("sockets of a home with a long path are in a short folder, the same for everyone who asks", () => {
  const home = join(root, "x".repeat(120));
  const folder = dataFolder(home);
  try {
    prepareDataFolder(folder);
    expect(folder.coreSocket.startsWith(home)).toBe(false);
    expect(Buffer.byteLength(folder.hostSocket(9999))).toBeLessThan(104);
    expect(dataFolder(home).hostSocket(1)).toBe(folder.hostSocket(1));
    expect(dataFolder(`${home}y`).hostSocket(1)).not.toBe(folder.hostSocket(1));
    expect(mode(folder.sockets)).toBe(0o700);

    chmodSync(folder.sockets, 0o755);
    expect(() => verifySocketFolder(folder)).toThrow(
      expect.objectContaining({ code: "data-folder-unusable" }),
    );
  } finally {
    rmSync(folder.sockets, { recursive: true, force: true });
  }
});

test("a link in the place of the short socket folder is not followed", () => {
  const folder = dataFolder(join(root, "y".repeat(120)));
  symlinkSync(root, folder.sockets);
  try {
    expect(() => prepareDataFolder(folder)).toThrow(
      expect.objectContaining({ code: "data-folder-unusable" }),
    );
  } finally {
    rmSync(folder.sockets, { force: true });
  }
});
