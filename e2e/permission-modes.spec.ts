import { ASKS_NOTHING } from "../shared/model/permission-mode.ts";
import { expect, test } from "./fixtures.ts";
import { startShells } from "./shell-workers.ts";

test("a worker that asks nothing says so wherever it is shown, and none is started once that is accepted no more", {
  tag: "@web",
}, async ({ app }) => {
  test.setTimeout(120_000);
  const { client, page } = app;
  // Another one beside it, which asks.
  await startShells(app, 1);
  const mode = { permissionMode: "auto", acceptedMs: 3_600_000 } as const;
  const task = await client.call("task.create", { project: "shells", title: "Unasked", ...mode });
  const sessionOf = async () => {
    const { session } = await client.call("task.show", { task: task.id });
    return session && (await client.call("session.show", { session }));
  };
  await expect.poll(async () => (await sessionOf())?.state, { timeout: 30_000 }).toBe("working");
  expect(await sessionOf()).toMatchObject({ permissionMode: "auto" });

  const pane = page.getByRole("region", { name: /^Terminal .*Unasked/ });
  await expect(pane.getByText(ASKS_NOTHING)).toBeVisible();
  await page.getByRole("button", { name: "Session list" }).click();
  await expect(
    page.getByRole("navigation", { name: "Sessions" }).getByText(ASKS_NOTHING),
  ).toHaveCount(1);
  await page.getByRole("navigation", { name: "Views" }).getByText("Tasks").click();
  await expect(page.getByRole("listitem").filter({ hasText: "Unasked" })).toContainText(
    ASKS_NOTHING,
  );
  await expect(page.getByRole("listitem").filter({ hasText: "Shell 1" })).not.toContainText(
    ASKS_NOTHING,
  );

  await client.call("task.cancel", { task: task.id });
  for (const { id } of await client.call("approval.list", {}))
    await client.call("approval.remove", { approval: id });
  await client.call("task.retry", { task: task.id });
  const why = async () => (await client.call("task.why", { task: task.id })).reasons;
  await expect
    .poll(async () => (await why()).map(({ text }) => text).join())
    .toContain("nobody has accepted that");
  expect((await client.call("task.show", { task: task.id })).attempts).toBe(1);
  await client.call("task.edit", { task: task.id, permissionMode: "auto" });
  await expect
    .poll(async () => (await client.call("task.show", { task: task.id })).attempts)
    .toBe(2);
});
