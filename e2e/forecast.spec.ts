import { writeFileSync } from "node:fs";
import path from "node:path";
import { runGit } from "../demo/run-git.ts";
import { ProjectName } from "../shared/model/ids.ts";
import { checkAccessibility } from "./check-accessibility.ts";
import { expect, test } from "./fixtures.ts";
import { startShells } from "./shell-workers.ts";

const SHELLS = ProjectName.parse("shells");
const PATIENCE = { timeout: 90_000 };

test("what workers have committed is forecast, shown with its files, and holds back who would conflict", {
  tag: "@web",
}, async ({ app }) => {
  test.setTimeout(300_000);
  const [, second] = await startShells(app, 2);
  const { client, page } = app;
  const [one, other] = await client.call("task.list", { project: SHELLS });
  if (!one?.worktree || !other?.worktree || !second) throw new Error("two tasks have no worktrees");
  const commit = (worktree: string, text: string) => {
    writeFileSync(path.join(worktree, "notes.txt"), text);
    runGit(worktree, "add", "notes.txt");
    runGit(worktree, "-c", "user.name=A", "-c", "user.email=a@example.test", "commit", "-qm", text);
  };
  commit(one.worktree, "one\n");
  commit(other.worktree, "other\n");

  const clashes = async () => (await client.call("queue.forecast", { project: SHELLS })).clashes;
  await expect
    .poll(clashes, PATIENCE)
    .toEqual([{ one: one.id, other: other.id, problem: null, files: ["notes.txt"], count: 1 }]);
  const told = await app.cli("queue", "forecast", SHELLS);
  expect(told.json).toMatchObject({ scope: "full", target: "main", branches: [{}, {}] });
  const why = () => client.call("task.why", { task: other.id });
  expect((await why()).clashes.map(({ text }) => text)).toEqual([
    `Will conflict with ${one.id} in 1 file: notes.txt.`,
  ]);

  await page.getByRole("navigation", { name: "Views" }).getByText("Queue").click();
  await page.getByText("1 conflict to come").click();
  const matrix = page.getByRole("table", { name: "Conflicts to come" });
  await matrix.getByRole("button", { name: `${one.id} merges with main` }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(
    matrix.getByRole("button", {
      name: `${one.id}: will conflict with ${other.id} in 1 file: notes.txt`,
    }),
  ).toBeFocused();
  await expect(page.getByText(`${one.id} and ${other.id} will conflict in 1 file`)).toBeVisible();
  await checkAccessibility(page, "the forecast");

  await client.call("session.stop", { session: second.id });
  const statusOf = async () => (await client.call("task.show", { task: other.id })).status;
  await expect.poll(statusOf, PATIENCE).not.toBe("running");
  await client.call("task.retry", { task: other.id });
  await expect
    .poll(async () => (await why()).reasons, PATIENCE)
    .toEqual([
      {
        kind: "conflict",
        text: `Its branch will conflict with that of ${one.id} in 1 file (notes.txt), so it goes out once that one has landed or is over.`,
        subject: one.id,
      },
    ]);
  expect(await statusOf()).toBe("ready");
  await client.call("task.cancel", { task: one.id });
  await expect.poll(statusOf, PATIENCE).toBe("running");
});
