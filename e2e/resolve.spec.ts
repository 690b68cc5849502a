import { writeFileSync } from "node:fs";
import path from "node:path";
import { runGit } from "../demo/run-git.ts";
import { checkAccessibility } from "./check-accessibility.ts";
import { expect, test } from "./fixtures.ts";
import { writeQuickWorker } from "./worker-programs.ts";

const PATIENCE = { timeout: 180_000 };

test("a person resolves a conflict in the window, place by place, with the keyboard; it is tested and lands", async ({
  app,
}) => {
  test.setTimeout(480_000);
  const { page, client, workFolder } = app;
  const repository = path.join(workFolder, "app");
  runGit(workFolder, "init", "-q", "-b", "main", repository);
  runGit(repository, "config", "user.name", "A Person");
  runGit(repository, "config", "user.email", "person@example.test");
  writeFileSync(path.join(repository, "log.txt"), "begin\n");
  runGit(repository, "add", "-A");
  runGit(repository, "commit", "-qm", "first");
  const executable = writeQuickWorker(workFolder, "log.txt");
  await client.call("profile.add", { name: "quick", plan: "max", executable });
  await client.call("project.add", { path: repository, name: "app", withoutChecks: true });
  // Both begin on the same commit, and nobody is there to whom the second could go back.
  await client.call("queue.pause", { project: "app" });
  const first = await client.call("task.create", { project: "app", title: "Write a line" });
  const second = await client.call("task.create", { project: "app", title: "Write another" });
  const statusOf = async (task: typeof first.id) =>
    (await client.call("task.show", { task })).status;
  for (const { id } of [first, second]) {
    await expect.poll(() => statusOf(id), PATIENCE).toBe("queued");
  }
  await client.call("profile.set", { name: "quick", isDisabled: true });
  await client.call("queue.resume", { project: "app" });
  await page.getByRole("navigation", { name: "Views" }).getByText("Queue").click();
  const left = page.getByRole("list", { name: "Left the queue" });
  await expect(left).toContainText("conflicts with main", PATIENCE);

  await left.getByRole("button").first().click();
  await page.getByRole("tab", { name: "Conflict" }).click();
  const place = page.getByRole("region", { name: "Place 1 of 1 in log.txt" });
  await expect(place).toContainText("Nothing chosen yet");
  const use = page.getByRole("button", { name: "Use this resolution" });
  await expect(use).toBeDisabled();
  await checkAccessibility(page, "a conflict");
  await place.focus();
  await page.keyboard.press("4");
  const lines = page.getByLabel("Your lines for Place 1 of 1 in log.txt");
  await lines.fill("not kept yet");
  await page.getByRole("button", { name: "Look again" }).click();
  await expect(lines).toHaveValue("not kept yet");
  await lines.press("Escape");
  await place.focus();
  await page.keyboard.press("3");
  await expect(place).toContainText("Both, one after the other");

  // What was chosen is there again when the window has been opened anew.
  await page.reload();
  await page.getByRole("navigation", { name: "Views" }).getByText("Queue").click();
  await left.getByRole("button").first().click();
  await page.getByRole("tab", { name: "Conflict" }).click();
  await expect(place).toContainText("Both, one after the other");
  await use.focus();
  await page.keyboard.press("Enter");
  const all = [first, second].map(({ id }) => `by ${id}`);
  // The file itself is away for a moment while git writes it anew.
  const read = () => runGit(repository, "show", "main:log.txt").trim().split("\n");
  await expect.poll(() => read().toSorted(), PATIENCE).toEqual(["begin", ...all].toSorted());
  for (const { id } of [first, second]) {
    await expect.poll(() => statusOf(id), PATIENCE).toBe("landed");
  }
});
