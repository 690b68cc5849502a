import { expect, test } from "vitest";
import { planTools } from "./plan-tools.ts";

const check = (commands: readonly string[], declared: readonly string[], ...wanted: string[]) =>
  expect(planTools(commands, declared).map(({ name, ask }) => `${name} ${ask}`)).toEqual(wanted);

test("tools are those a command names anywhere, and what they run on", () => {
  check(["npm test"], [], "node --version", "npm --version");
  check(["cd web && CI=1 pnpm run build | tee log"], [], "node --version", "pnpm --version");
  check(
    ["go test ./...", "sh -c 'cargo test'"],
    [],
    "cargo --version",
    "go version",
    "rustc --version",
  );
});

test("words that are no known tool are left alone, whatever they are called", () => {
  check(["./scripts/test.sh constructor __proto__ toString"], []);
  check([""], []);
});

test("declared ones count too, once", () =>
  check(["npm test"], ["protoc", "npm"], "node --version", "npm --version", "protoc --version"));
