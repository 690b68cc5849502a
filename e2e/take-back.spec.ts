import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runGit } from "../demo/run-git.ts";
import { checkAccessibility } from "./check-accessibility.ts";
import { expect, test } from "./fixtures.ts";
import { writeQuickWorker } from "./worker-programs.ts";

const PATIENCE = { timeout: 60_000 };

test("the last landing is undone and an earlier one reverted, in the window; what the person has open stays", async ({
  app,
}) => {
  test.setTimeout(180_000);
  const { page, client, workFolder, cli } = app;
  const repository = path.join(workFolder, "app");
  runGit(workFolder, "init", "-q", "-b", "main", repository);
  runGit(repository, "config", "user.name", "A Person");
  runGit(repository, "config", "user.email", "person@example.test");
  writeFileSync(path.join(repository, "log.txt"), "begin\n");
  writeFileSync(path.join(repository, "notes.txt"), "notes\n");
  runGit(repository, "add", "-A");
  runGit(repository, "commit", "-qm", "first");
  const read = (name: string) => readFileSync(path.join(repository, name), "utf8");
  const executable = writeQuickWorker(workFolder, "log.txt");
  await client.call("profile.add", { name: "quick", plan: "max", executable });
  const added = { path: repository, name: "app", withoutChecks: true };
  await client.call("project.add", added);
  const first = await client.call("task.create", { project: "app", title: "Write the log" });
  const after = [first.id];
  const second = await client.call("task.create", { project: "app", title: "Go on", after });
  const statusOf = async (task: typeof first.id) =>
    (await client.call("task.show", { task })).status;
  await expect.poll(() => statusOf(second.id), PATIENCE).toBe("landed");
  await expect.poll(() => read("log.txt")).toBe("begin\nby t-1\nby t-2\n");
  writeFileSync(path.join(repository, "notes.txt"), "mine, not committed\n");

  await page.getByRole("navigation", { name: "Views" }).getByText("Queue").click();
  const landed = page.getByRole("list", { name: "Landed" });
  await expect(landed.getByRole("listitem")).toHaveCount(2);
  await landed.getByRole("button", { name: "Revert q-1" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("region", { name: "What came after it" })).toContainText("Go on");
  await checkAccessibility(page, "the dialog of a revert");
  await page.keyboard.press("Escape");
  const refused = await cli("queue", "revert", "q-1");
  expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining("q-2 (t-2)")]);

  await page.getByRole("button", { name: "Undo the last landing" }).click();
  await dialog.getByRole("button", { name: "Undo", exact: true }).click();
  await expect(landed.getByRole("listitem")).toHaveCount(1);
  expect(read("log.txt")).toBe("begin\nby t-1\n");
  expect(read("notes.txt")).toBe("mine, not committed\n");
  expect(await statusOf(second.id)).toBe("needs-input");

  await landed.getByRole("button", { name: "Write the log" }).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("v");
  await expect(dialog).toContainText("A new commit takes");
  await dialog.getByRole("button", { name: "Revert", exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect(landed).toContainText("taken back by q-3", PATIENCE);
  await expect.poll(() => read("log.txt"), PATIENCE).toBe("begin\n");
  expect(read("notes.txt")).toBe("mine, not committed\n");
  const status = runGit(repository, "status", "--porcelain");
  expect(status.trim()).toBe("M notes.txt");
});
