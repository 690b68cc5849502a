import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ScriptStep } from "../demo/scripted-model/step.ts";
import { findClaude } from "../demo/stand-in/find-claude.ts";
import { command } from "./drive-by-command-line.ts";
import { expect, test } from "./fixtures.ts";
import { startCore } from "./running-core.ts";
import { bash, finish, landed, nextOfKind, statusOf, withWorker } from "./with-worker.ts";

test("a destructive command waits at the gate through the death of the core; a yes that is remembered holds for the very same one", {
  tag: "@web",
}, async () => {
  test.skip(!findClaude().isReal, "the stand-in runs no hook that can stop a call");
  const precious = (outside: (name: string) => string) => path.join(outside("app"), "notes.txt");
  const steps = (outside: (name: string) => string): readonly ScriptStep[] => [
    bash(`rm -f '${precious(outside)}'`),
    bash(`rm -f '${precious(outside)}'`),
    bash(`rm -rf '${outside("app")}'`),
    { when: "keep that", do: [...finish], otherwise: [{ say: "not heard" }] },
  ];
  await withWorker(steps, async (world) => {
    const { home } = world;
    writeFileSync(precious(world.outside), "of the person");
    const first = await nextOfKind(home, "gate");
    expect(first.ask).toMatchObject({
      tool: "Bash",
      detail: `rm -f '${precious(world.outside)}'`,
      why: expect.stringContaining("outside this task's worktree"),
    });
    expect(await statusOf(world)).toBe("needs-input");
    world.core.kill();
    await world.core.ended;
    expect(readFileSync(precious(world.outside), "utf8")).toBe("of the person");

    world.core = await startCore(home);
    expect((await nextOfKind(home, "gate")).id).toBe(first.id);
    await command(home, "inbox", "allow", first.id, "--remember");
    // The same again is not asked; the next one is another.
    await expect
      .poll(async () => (await nextOfKind(home, "gate")).ask?.detail, { timeout: 60_000 })
      .toBe(`rm -rf '${world.outside("app")}'`);
    expect(existsSync(precious(world.outside))).toBe(false);
    const { id } = await nextOfKind(home, "gate");
    await command(home, "inbox", "deny", id, "--note", "keep that");
    await landed(world);
    expect(existsSync(path.join(world.outside("app"), ".git"))).toBe(true);
  });
});
