import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { cruise, type ICruiseResult, type IFlattenedRuleSet } from "dependency-cruiser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// dependency-cruiser documents its configuration's two halves as `forbidden` (a rule set) and `options`.
const rules = createRequire(import.meta.url)("./import-rules.cjs") as {
  forbidden: { name: string }[];
  options: Record<string, unknown>;
};

/** File -> what it imports. Every file that is imported and not listed is there and imports `shared/noun.ts`. */
const allowed: Record<string, readonly string[]> = {
  "shared/model/task.ts": ["zod", "./ids.ts"],
  "electron/core/start-core.ts": [
    "./supervisor/run.ts",
    "./merge-queue/run.ts",
    "./gateway/serve.ts",
  ],
  "electron/core/process/start.ts": ["node:child_process", "../base/folder.ts"],
  "electron/core/store/open.ts": ["better-sqlite3", "../base/folder.ts"],
  "electron/core/git/run-git.ts": ["simple-git", "../process/start.ts"],
  "electron/core/worker/worker-machine.ts": ["../../../shared/model/task.ts"],
  "electron/core/worker/run.ts": ["../git/run-git.ts", "./worker-machine.ts"],
  "electron/core/supervisor/run.ts": ["../worker/run.ts", "../store/open.ts"],
  "electron/core/merge-queue/run.ts": ["../git/run-git.ts"],
  "electron/core/gateway/serve.ts": ["../supervisor/run.ts"],
  "electron/terminal-host/main.ts": ["node-pty", "../core/base/folder.ts"],
  "electron/desktop/main.ts": ["electron", "../core/start-core.ts"],
  "electron/web/main.ts": ["../core/start-core.ts", "../core/gateway/serve.ts"],
  "renderer/main.tsx": ["./app/app.tsx"],
  "renderer/app/app.tsx": ["../features/tasks/list.tsx", "../mirror/store.ts"],
  "renderer/features/tasks/list.tsx": ["../../mirror/store.ts", "../../ui/button.tsx"],
  "renderer/mirror/store.ts": ["../client/wire.ts"],
  "renderer/ui/button.tsx": ["react"],
  "e2e/audit/audit-queue.ts": ["node:fs", "./read-rows.ts"],
  "e2e/audit/read-rows.ts": ["node:sqlite"],
  "e2e/fixtures.ts": ["../demo/model.ts", "../build/browser.mjs"],
};

const forbidden: readonly (readonly [rule: string, file: string, imports: string])[] = [
  ["no-cycles", "shared/cycle-a.ts", "./cycle-b.ts"],
  ["imports-resolve", "electron/core/base/lost.ts", "./nowhere.ts"],
  ["shared-stands-alone", "shared/reads.ts", "node:fs"],
  ["core-knows-no-shell", "electron/core/gateway/shell.ts", "../../web/main.ts"],
  ["core-rooms-in-order-base", "electron/core/base/x.ts", "../store/open.ts"],
  ["core-rooms-in-order-store", "electron/core/store/x.ts", "../process/start.ts"],
  ["core-rooms-in-order-process", "electron/core/process/x.ts", "../terminal/screen.ts"],
  ["core-rooms-in-order-terminal", "electron/core/terminal/x.ts", "../process/start.ts"],
  ["core-rooms-in-order-profile", "electron/core/profile/x.ts", "../provider/claude.ts"],
  ["core-rooms-in-order-provider", "electron/core/provider/x.ts", "../profile/account.ts"],
  ["core-rooms-in-order-git", "electron/core/git/x.ts", "../worker/run.ts"],
  ["core-rooms-in-order-task", "electron/core/task/x.ts", "../git/run-git.ts"],
  ["core-rooms-in-order-usage", "electron/core/usage/x.ts", "../profile/account.ts"],
  ["core-rooms-in-order-worker", "electron/core/worker/x.ts", "../supervisor/run.ts"],
  ["core-rooms-in-order-supervisor", "electron/core/supervisor/x.ts", "../merge-queue/run.ts"],
  ["core-rooms-in-order-merge-queue", "electron/core/merge-queue/x.ts", "../gateway/serve.ts"],
  ["core-rooms-in-order-gateway", "electron/core/gateway/x.ts", "../start-core.ts"],
  ["terminal-host-stays-small", "electron/terminal-host/x.ts", "../core/process/start.ts"],
  ["auditor-knows-nothing", "e2e/audit/x.ts", "../../shared/noun.ts"],
  ["shells-do-not-meet", "electron/cli/x.ts", "../web/main.ts"],
  ["shells-use-the-front-door", "electron/cli/y.ts", "../core/store/open.ts"],
  ["only-desktop-imports-electron", "electron/web/x.ts", "electron"],
  [
    "window-talks-through-the-contract",
    "renderer/client/x.ts",
    "../../electron/core/start-core.ts",
  ],
  ["renderer-ui-knows-no-domain", "renderer/ui/x.tsx", "../../shared/model/task.ts"],
  ["renderer-client-knows-no-window", "renderer/client/y.ts", "../mirror/store.ts"],
  ["renderer-mirror-is-not-watching-back", "renderer/mirror/x.ts", "../ui/button.tsx"],
  ["renderer-terminal-knows-no-feature", "renderer/terminal/x.ts", "../mirror/store.ts"],
  ["features-know-no-app", "renderer/features/tasks/x.tsx", "../../app/app.tsx"],
  ["features-do-not-meet", "renderer/features/tasks/y.tsx", "../queue/list.tsx"],
  ["sql-stays-in-the-store", "electron/core/task/y.ts", "better-sqlite3"],
  ["only-git-runs-git", "electron/core/merge-queue/y.ts", "simple-git"],
  ["only-these-rooms-start-processes", "electron/web/y.ts", "node:child_process"],
  ["only-these-rooms-start-processes", "electron/core/terminal/y.ts", "node-pty"],
  ["machines-and-plans-are-pure", "electron/core/task/task-machine.ts", "node:fs"],
  ["machines-and-plans-are-pure", "electron/core/task/plan-work.ts", "../base/folder.ts"],
  ["production-imports-no-tooling", "electron/core/base/y.ts", "../../../e2e/fixtures.ts"],
  ["production-imports-no-tooling", "electron/core/base/z.ts", "./folder.test.ts"],
  ["demo-stands-before-the-door", "demo/x.ts", "../electron/core/start-core.ts"],
  ["e2e-tests-what-was-built", "e2e/x.ts", "../electron/core/start-core.ts"],
  ["build-handles-files-not-code", "build/x.mjs", "../shared/model/task.ts"],
];

const packages = ["zod", "electron", "better-sqlite3", "simple-git", "node-pty", "react"];

describe("the import rules", () => {
  let tree = "";
  let found: { rule: string; from: string; to: string }[] = [];

  beforeAll(async () => {
    tree = plantTree();
    found = await findViolations(tree);
  });
  afterAll(() => rmSync(tree, { recursive: true, force: true }));

  test.each(forbidden)("%s stops %s from importing %s", (rule, file) => {
    expect(found.filter((hit) => hit.from === file).map((hit) => hit.rule)).toContain(rule);
  });

  test("no-orphans finds a file that has nothing to do with the others", () => {
    expect(found).toContainEqual(
      expect.objectContaining({ rule: "no-orphans", from: "electron/core/base/alone.ts" }),
    );
  });

  test("what the style guide allows is allowed", () => {
    expect(found.filter((hit) => hit.from in allowed)).toEqual([]);
  });

  test("every rule has a file here that breaks it", () => {
    const broken = new Set([...forbidden.map(([rule]) => rule), "no-orphans"]);
    expect(rules.forbidden.map((rule) => rule.name).filter((name) => !broken.has(name))).toEqual(
      [],
    );
  });
});

/** Writes the tables above as a source tree, with an empty stand-in for each package. */
function plantTree(): string {
  const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), "switchyard-rules-")));
  const write = (file: string, text: string) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const files = new Map<string, readonly string[]>([
    ...Object.entries(allowed),
    ...forbidden.map(([, file, imports]) => [file, [imports]] as const),
    ["shared/cycle-b.ts", ["./cycle-a.ts"]],
    ["electron/core/base/alone.ts", []],
  ]);
  for (const [file, imports] of [...files]) {
    for (const name of imports) {
      const target = path.posix.join(path.posix.dirname(file), name);
      if (name.startsWith(".") && !files.has(target) && !name.includes("nowhere"))
        files.set(target, []);
    }
  }
  for (const [file, imports] of files) {
    write(
      file,
      [...imports.map((name) => `import "${name}";`), "export const x = 1;", ""].join("\n"),
    );
  }
  const dependencies = Object.fromEntries(packages.map((name) => [name, "1.0.0"]));
  write("package.json", JSON.stringify({ name: "tree", version: "1.0.0", dependencies }));
  write("tsconfig.base.json", "{}");
  for (const name of packages) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: "index.js" }));
    write(`node_modules/${name}/index.js`, "module.exports = {};\n");
  }
  return root;
}

async function findViolations(baseDir: string) {
  const { tsConfig: _, ...options } = rules.options;
  const ruleSet = { forbidden: rules.forbidden } as IFlattenedRuleSet;
  const folders = ["shared", "electron", "renderer", "demo", "e2e", "build"];
  const result = await cruise(folders, { ...options, baseDir, validate: true, ruleSet });
  // `cruise` answers with text only when an `outputType` is asked for.
  const { summary } = result.output as ICruiseResult;
  return summary.violations.map((hit) => ({ rule: hit.rule.name, from: hit.from, to: hit.to }));
}
