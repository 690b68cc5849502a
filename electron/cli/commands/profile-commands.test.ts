import { expect, test } from "vitest";
import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers } from "../../../shared/contract/rpc.ts";
import { Profile } from "../../../shared/model/profile.ts";
import { Session } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { runAgainst } from "../fake-surroundings.ts";
import { sampleSession } from "../sample-rows.ts";

test("an import that finds nothing does not say that there are no profiles", async () => {
  const handlers = { "profile.import": () => [], "profile.find": () => [] };
  const { exitCode, out } = await runAgainst({ handlers }, "profile", "import");
  expect([exitCode, out]).toEqual([0, "Nothing was found to import.\n"]);
});

test.each([
  ["add", "what is subscribed to (required)"],
  ["wrapper", "where the script goes (required)"],
])("the help of profile %s says what cannot be left out", async (command, words) => {
  expect((await runAgainst({}, "profile", command, "--help")).out).toContain(words);
  expect((await runAgainst({}, "profile", "set", "--help")).out).not.toContain("(required)");
});

test("where conversations may move is explained where it is switched on, and one of four words", async () => {
  const { out } = await runAgainst({}, "profile", "set", "--help");
  for (const words of ["copied", "sees the whole", "at full price", "terms of your plans"])
    expect(out).toContain(words);
  const { exitCode, err } = await runAgainst({}, "profile", "set", "max-1", "--moves", "on");
  expect(exitCode).toBe(2);
  expect(err).toContain("none, out, in, both");
  const asked: unknown[] = [];
  const handlers: Partial<Handlers<AppContract>> = {
    "profile.set": (input) => {
      asked.push(input);
      return { ...sampleProfile, moves: "both" };
    },
  };
  const told = await runAgainst({ handlers }, "profile", "set", "max-1", "--moves", "both");
  expect(asked).toEqual([{ name: "max-1", moves: "both" }]);
  expect(told.out).toContain("may move away from it and to it");
});

test("a session is moved by name, and shows where its conversation came from", async () => {
  const movedFrom = { session: "s-1", profile: "max-1", step: "trying" };
  const taker = Session.parse({ ...sampleSession, profile: "max-2", movedFrom });
  const handlers: Partial<Handlers<AppContract>> = {
    "session.move": () => taker,
    "session.show": () => taker,
  };
  const moved = await runAgainst({ handlers }, "session", "move", "s-1", "--profile", "max-2");
  expect(moved.out).toContain(
    "The conversation of s-1 goes on in s-19 at max-2; if max-2 does not",
  );
  const shown = await runAgainst({ handlers }, "session", "show", "s-19");
  expect(shown.out).toContain("from max-1 (s-1); max-2 has not answered yet");
  const nowhere = await runAgainst({ handlers }, "session", "move", "s-1");
  expect([nowhere.exitCode, nowhere.err]).toEqual([2, expect.stringContaining("--profile")]);
});

test("a slash at the end of a wrapper's place is not lost", async () => {
  const asked: unknown[] = [];
  const handlers: Partial<Handlers<AppContract>> = {
    "profile.wrapper": (input) => {
      asked.push(input.out);
      return { file: input.out };
    },
  };
  await runAgainst({ handlers }, "profile", "wrapper", "max-1", "--out", "tools/");
  await runAgainst({ handlers }, "profile", "wrapper", "max-1", "--out", "tools");
  expect(asked).toEqual(["/work/app/src/tools/", "/work/app/src/tools"]);
});

const LINK = "https://claude.com/cai/oauth/authorize?state=a";
const noRows = {
  projects: [],
  profiles: [],
  plans: [],
  tasks: [],
  sessions: [],
  entries: [],
  asks: [],
  fleet: [],
};
const sampleProfile = Profile.parse({
  name: sampleSession.profile,
  provider: "claude",
  plan: "max",
  dir: "/p/max-1",
  cap: 10,
  learnedCap: null,
  executable: null,
  colour: null,
  browser: null,
  envNames: [],
  state: "signed-out",
  reason: "nobody is signed in",
  restsUntil: null,
  account: null,
  checkedAt: null,
  moves: "none",
  live: 0,
  windows: { fiveHour: null, sevenDay: null },
  order: 1,
});
const signIn = { ...sampleSession, kind: "sign-in", state: "starting", codeLink: LINK } as const;
const wrongCode = "exit code 1; it said: Login failed: Invalid code.";

/** An app in which one sign-in runs, or has ended as `after` says. */
function app(after: { readonly isOver: boolean; readonly isSignedIn: boolean }): {
  readonly handlers: Partial<Handlers<AppContract>>;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const over = { ...signIn, state: "failed", reason: wrongCode, codeLink: null } as const;
  const state = after.isSignedIn ? "ready" : "signed-out";
  const reason = after.isSignedIn ? null : "nobody is signed in";
  return {
    asked,
    handlers: {
      "app.watch": () => ({ seq: 0, rows: noRows, recent: [] }),
      "profile.login": () => signIn,
      "profile.show": () => sampleProfile,
      "profile.send-code": ({ code }) => {
        asked.push(`code ${code}`);
        return {};
      },
      "session.list": () => [signIn],
      "session.show": () => (after.isOver ? over : signIn),
      "session.stop": ({ session }) => {
        asked.push(`stop ${session}`);
        return signIn;
      },
      "profile.check": () => ({
        profile: { ...sampleProfile, state, reason },
        findings: [
          {
            name: "account",
            result: "warning",
            detail: "two is signed in too.",
            fix: "Remove it.",
          },
        ],
      }),
    },
  };
}

test("without a terminal a sign-in answers with its link, and how to give the code", async () => {
  const { handlers } = app({ isOver: false, isSignedIn: false });
  const { exitCode, out } = await runAgainst({ handlers }, "profile", "login", "max-1");
  expect(exitCode).toBe(0);
  expect(out).toBe(
    `Open this link, and sign in there:\n${LINK}\nThen give the code that it shows: switchyard profile login max-1 --code CODE\n`,
  );
  const told = await runAgainst({ handlers }, "profile", "login", "max-1", "--json");
  expect(told.json()).toMatchObject({ kind: "sign-in", codeLink: LINK });
});

test("a code that is right signs in, and another profile of the account is named", async () => {
  const { handlers, asked } = app({ isOver: true, isSignedIn: true });
  const files = { "/dev/stdin": "abc#def\n" };
  const { exitCode, out } = await runAgainst(
    { handlers, files },
    ...["profile", "login", "max-1", "--code", "-"],
  );
  expect(asked).toEqual(["code abc#def\n"]);
  expect(exitCode).toBe(0);
  expect(out).toMatch(/^max-1 is signed in.*\. Work that waited for it goes on\.\n/);
  expect(out).toContain("two is signed in too. Remove it.");
});

test("a wrong code is told in the program's own words, with the way to try again", async () => {
  const { handlers } = app({ isOver: true, isSignedIn: false });
  const { exitCode, out } = await runAgainst(
    { handlers },
    ...["profile", "login", "max-1", "--code", "wrong"],
  );
  expect(exitCode).toBe(1);
  expect(out).toBe(
    `max-1 is not signed in: ${wrongCode}\nTry again with: switchyard profile login max-1\n`,
  );
});

test("a sign-in is cancelled from anywhere, and a code without one is refused", async () => {
  const running = app({ isOver: false, isSignedIn: false });
  const cancelled = await runAgainst(running, "profile", "login", "max-1", "--cancel");
  expect([running.asked, cancelled.out]).toEqual([
    [`stop ${signIn.id}`],
    "The sign-in to max-1 is cancelled.\n",
  ]);
  const handlers: Partial<Handlers<AppContract>> = {
    ...running.handlers,
    "session.list": () => [],
    "profile.send-code": () => {
      throw new SwitchyardError("wrong-state", "Nobody is signing in to max-1 now.", "Begin anew.");
    },
  };
  const idle = await runAgainst({ handlers }, "profile", "login", "max-1", "--cancel");
  expect(idle.out).toBe("Nobody is signing in to max-1.\n");
  const late = await runAgainst({ handlers }, "profile", "login", "max-1", "--code", "abc");
  expect([late.exitCode, late.err]).toEqual([
    3,
    expect.stringContaining("Nobody is signing in to max-1 now."),
  ]);
});

test("sharing says what was copied, and why the rest was left out", async () => {
  const asked: unknown[] = [];
  const handlers: Partial<Handlers<AppContract>> = {
    "profile.share": (input) => {
      asked.push(input);
      return {
        copied: ["skills/review"],
        leftOut: [{ what: "settings: hooks", why: "it may start a program" }],
      };
    },
  };
  const shared = await runAgainst(
    { handlers },
    ...["profile", "share", "two", "--from", "max-1", "--only", "skills, settings"],
  );
  expect(asked).toEqual([{ name: "two", from: "max-1", items: ["skills", "settings"] }]);
  expect(shared.out).toBe(
    "Copied: skills/review.\nLeft out:\n  settings: hooks: it may start a program\n",
  );
  const wrong = await runAgainst(
    { handlers },
    ...["profile", "share", "two", "--from", "max-1", "--only", "hooks"],
  );
  expect([wrong.exitCode, wrong.err]).toEqual([
    2,
    expect.stringContaining(
      "hooks cannot be shared; skills, commands, agents, mcp-servers, settings can.",
    ),
  ]);
});

test("an import takes each plan from its login, and says what it could not tell and what it left out", async () => {
  const asked: unknown[] = [];
  const handlers: Partial<Handlers<AppContract>> = {
    "profile.import": (input) => {
      asked.push(input);
      return [{ ...sampleProfile, plan: "custom" }];
    },
    "profile.find": () => [
      {
        dir: "/h/.claude-x",
        name: sampleProfile.name,
        source: "/h/.claude-x",
        problem: "It is a link.",
      },
    ],
  };
  const { out } = await runAgainst({ handlers }, "profile", "import");
  expect(asked).toEqual([{}]);
  expect(out).toContain("switchyard profile set max-1 --plan pro");
  expect(out).toContain("Left out: /h/.claude-x: It is a link.");
});
