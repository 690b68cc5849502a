import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ProfileName, type SessionId } from "../../../shared/model/ids.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { dataFolder, prepareDataFolder } from "../base/data-folder.ts";
import { type FakeClock, fakeClock } from "../base/fake-clock.ts";
import { silentLog } from "../base/log.ts";
import { openStore } from "../store/open-store.ts";
import { sampleProfile } from "../store/sample-rows.ts";
import type { Store } from "../store/store.ts";
import { SIGN_IN_MS, SignIns, type SignInsParts } from "./sign-ins.ts";

const MAX = ProfileName.parse("max-1");
const PRINTED = "https://claude.com/cai/oauth/authorize?redirect_uri=page&state=a";
const HANDED = "https://claude.com/cai/oauth/authorize?redirect_uri=here&state=a";

let home: string;
let store: Store;
let clock: FakeClock;
let signIns: SignIns;
/** What was asked of the world around it, in order. */
let done: string[];

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "switchyard-sign-ins-"));
  clock = fakeClock();
  const folder = dataFolder(join(home, "data"));
  prepareDataFolder(folder);
  store = openStore({ folder, clock, mode: "write" });
  store.write("test", () => store.profiles.insert(sampleProfile({ name: MAX }), {}));
  done = [];
  signIns = open();
});
afterEach(() => {
  signIns[Symbol.dispose]();
  store.close();
  expect(clock.pending()).toBe(0);
  rmSync(home, { recursive: true });
});

function open(patch: Partial<SignInsParts> = {}): SignIns {
  return new SignIns({
    store,
    clock,
    log: silentLog,
    sessions: {
      begin: async ({ id }) => void done.push(`begin ${id}`),
      fail: (id, reason) => end(id, reason),
      end: async (id, as, _cause, how) => {
        done.push(`end ${id} ${as}`);
        end(id, how?.why ?? null);
      },
    },
    // Only keys go to the host.
    host: () => ({
      call: async (name: string, input: unknown) => {
        const { base64 } = input as { base64: string };
        done.push(`${name} ${JSON.stringify(Buffer.from(base64, "base64").toString())}`);
        return {} as never;
      },
    }),
    folderOf: (id) => join(home, id),
    cwd: home,
    requireProgram: () => undefined,
    planLaunch: () => ({ file: "/bin/true", args: [], env: {} }),
    findLink: (printed) => /https:\S+state=\S+/.exec(printed)?.[0] ?? null,
    openInBrowser: async (command, link) => void done.push(`${command} ${link}`),
    ...patch,
  });
}

function end(id: SessionId, reason: string | null): void {
  store.write("test", () => store.sessions.update(id, { state: "stopped", reason }));
}

const profile = (): Profile => {
  const found = store.profiles.find(MAX);
  if (!found) throw new Error("the profile is gone");
  return found;
};
const begin = () => signIns.start(profile());
const look = () => clock.advance(500);
function print(id: SessionId, text: string): void {
  mkdirSync(join(home, id), { recursive: true });
  writeFileSync(join(home, id, "output.log"), text);
}
const handOver = (id: SessionId) =>
  store.write("test", () => store.sessions.update(id, { link: HANDED }));
const choose = (browser: string) =>
  store.write("test", () => store.profiles.update(MAX, { browser }));

test("two windows that sign in at once have one sign-in, and both see it", async () => {
  const [first, second] = await Promise.all([begin(), begin()]);
  expect(second.id).toBe(first.id);
  expect(done).toEqual([`begin ${first.id}`]);
  end(first.id, null);
  expect((await begin()).id).not.toBe(first.id);
});

test("the printed link is caught, and goes with the sign-in's end", async () => {
  const { id } = await begin();
  await look();
  print(id, `Opening browser to sign in…\r\nIf it didn't open, visit: ${PRINTED}\r\n`);
  await look();
  expect(store.sessions.find(id)).toMatchObject({ codeLink: PRINTED, link: null });
  expect(done).toEqual([`begin ${id}`]);
});

test("the link that comes back to this machine opens in the browser chosen for the profile, once", async () => {
  choose("firefox -P work");
  const { id } = await begin();
  print(id, PRINTED);
  await look();
  expect(done).toHaveLength(1);
  handOver(id);
  await clock.advance(5_000);
  expect(done.slice(1)).toEqual([`firefox -P work ${HANDED}`]);
});

test("the printed link opens when the program hands none over", async () => {
  choose("firefox");
  const { id } = await begin();
  print(id, PRINTED);
  await clock.advance(3_000);
  expect(done.slice(1)).toEqual([]);
  await look();
  expect(done.slice(1)).toEqual([`firefox ${PRINTED}`]);
});

test("a browser that does not open is told, and the sign-in goes on", async () => {
  signIns = open({
    openInBrowser: () => Promise.reject(new Error("There is no browser firefox.")),
  });
  choose("firefox");
  const { id } = await begin();
  print(id, PRINTED);
  handOver(id);
  await look();
  expect(store.sessions.find(id)).toMatchObject({
    state: "starting",
    reason: "the page could not be opened: There is no browser firefox.",
  });
});

test("a login that never comes back is ended, and the next try is another one", async () => {
  const { id } = await begin();
  await clock.advance(SIGN_IN_MS - 1);
  expect(store.sessions.find(id)?.state).toBe("starting");
  await clock.advance(500);
  expect(store.sessions.find(id)).toMatchObject({
    state: "stopped",
    reason: "nobody finished the sign-in to max-1 within 15 minutes",
  });
  expect((await begin()).id).not.toBe(id);
});

test("a core that comes back takes a sign-in in hand, and opens no page twice", async () => {
  choose("firefox");
  const { id } = await begin();
  handOver(id);
  signIns[Symbol.dispose]();
  signIns = open();
  signIns.run();
  print(id, PRINTED);
  await clock.advance(4_000);
  expect(store.sessions.find(id)?.codeLink).toBe(PRINTED);
  expect(done).toEqual([`begin ${id}`]);
  await clock.advance(SIGN_IN_MS);
  expect(done).toContain(`end ${id} stopped`);
});

test("a pasted code goes to the prompt without the breaks that came with it", async () => {
  await begin();
  await signIns.sendCode(MAX, " abc#d\n ef \r\n");
  expect(done.slice(1)).toEqual(['write "abc#def\\r"']);
  await expect(signIns.sendCode(MAX, "abc\u0003")).rejects.toMatchObject({
    code: "bad-input",
    message: "That is no code: it holds signs that none has.",
  });
  await expect(signIns.sendCode(MAX, "  \n")).rejects.toMatchObject({ code: "bad-input" });
  expect(done).toHaveLength(2);
});

test("a code without a sign-in is told how to begin", async () => {
  await expect(signIns.sendCode(MAX, "abc")).rejects.toMatchObject({
    code: "wrong-state",
    hint: "Begin anew with: switchyard profile login max-1",
  });
});

test("a program that is not there leaves no session, one that does not start a failed one", async () => {
  signIns = open({
    requireProgram: () => {
      throw new Error("There is no claude.");
    },
  });
  await expect(begin()).rejects.toThrow("There is no claude.");
  expect(store.sessions.list()).toEqual([]);
  signIns = open({
    planLaunch: () => {
      throw new Error("disk full");
    },
  });
  await expect(begin()).rejects.toThrow("disk full");
  expect(store.sessions.list()).toMatchObject([{ state: "stopped", reason: "disk full" }]);
  await look();
});

test("a login that ended while nobody looked is known, until the profile was asked again", async () => {
  const { id } = await begin();
  expect(signIns.hasEndedSince(profile())).toBe(false);
  clock.jump(1_000);
  end(id, null);
  expect(signIns.hasEndedSince(profile())).toBe(true);
  clock.jump(1_000);
  const checkedAt = clock.now().toISOString();
  store.write("test", () => store.profiles.update(MAX, { checkedAt }));
  expect(signIns.hasEndedSince(profile())).toBe(false);
});
