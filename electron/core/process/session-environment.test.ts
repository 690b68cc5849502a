import fc from "fast-check";
import { expect, test } from "vitest";
import { buildEnvironment } from "./session-environment.ts";

test("keeps what a terminal needs and what the project names, and nothing else", () => {
  const person = {
    PATH: "/bin",
    LC_ALL: "C",
    AWS_SECRET_ACCESS_KEY: "x",
    DATABASE_URL: "d",
    CI_A: "1",
  };
  expect(buildEnvironment({ person, allowed: ["DATABASE_URL", "CI_*"] })).toEqual({
    PATH: "/bin",
    LC_ALL: "C",
    DATABASE_URL: "d",
    CI_A: "1",
  });
});

test("additions win, over what is kept and over what is never inherited", () => {
  const person = { PATH: "/bin", CLAUDE_CONFIG_DIR: "/person" };
  const additions = { CLAUDE_CONFIG_DIR: "/profile", PATH: "/other", TERM: undefined };
  expect(buildEnvironment({ person, additions })).toEqual({
    CLAUDE_CONFIG_DIR: "/profile",
    PATH: "/other",
  });
});

test("whatever a project allows, no variable that changes the account or the program gets through", () => {
  const dangerous = fc.constantFrom(
    "CLAUDECODE",
    "CLAUDE_CONFIG_DIR",
    "CLAUDE_CODE_OAUTH_TOKEN",
    "ANTHROPIC_API_KEY",
    "NODE_OPTIONS",
    "ELECTRON_RUN_AS_NODE",
    "npm_config_registry",
    "NPM_TOKEN",
    "anthropic_base_url",
  );
  const name = fc.oneof(dangerous, fc.constantFrom("PATH", "FOO", "LC_X", "SWITCHYARD_SESSION"));
  fc.assert(
    fc.property(
      fc.dictionary(name, fc.string()),
      fc.array(fc.oneof(name, fc.constant("*"))),
      fc.dictionary(name, fc.string()),
      (person, allowed, additions) => {
        const built = buildEnvironment({ person, allowed, additions });
        for (const [key, value] of Object.entries(built)) {
          if (key in additions) expect(value).toBe(additions[key]);
          else expect(key).not.toMatch(/^(claude|anthropic_|node_options|electron_run|npm_)/i);
        }
        expect(built).toMatchObject(additions);
      },
    ),
  );
});
