import { expect, test } from "@playwright/test";
import type { TaskId } from "../../shared/model/ids.ts";
import { openFaultApp, PROJECT, until, untilLanded } from "./fault-app.ts";
import { fillDisk, mountTmpfs, whyNoTmpfs } from "./tools/disks.ts";

test("F15: on a full disk the core says so, starts nothing and goes on; what was saved is there, and work lands once there is room", async () => {
  const whyNot = whyNoTmpfs();
  test.setTimeout(200_000);
  test.skip(whyNot !== null, whyNot ?? "");
  using disk = mountTmpfs("size=160m");
  await using app = await openFaultApp({ below: disk.folder });
  await app.addProfile("one");
  const running = await app.addTask("a", "one", 1);
  await app.addTask("b", "one", 1);
  const waiting = await app.addTask("c", "one");
  await until("it works", async () => (await app.task(running)).status === "running");
  const core = app.core.pid;
  const saved: TaskId[] = [];
  let refused: unknown = null;

  await fillDisk(disk, async () => {
    // The log that SQLite writes ahead holds room of its own: some writes still find a place.
    const body = "x".repeat(90_000);
    for (let at = 0; at < 100 && refused === null; at++) {
      const task = { project: PROJECT, title: `Later ${at}`, body };
      await app.driver.read("task.create", task).then(
        ({ id }) => saved.push(id),
        (error: unknown) => {
          refused = error;
        },
      );
    }
    expect(refused).toMatchObject({ code: "disk-full" });
    const why = await until("it says why nothing starts", async () => {
      const reasons = JSON.stringify(await app.driver.read("task.why", { task: waiting }));
      return /GB left/.test(reasons) && reasons;
    });
    expect(why).toContain("Work goes on by itself once there is room");
  });

  for (const id of saved) {
    expect((await app.task(id)).body).toHaveLength(90_000);
    await app.driver.read("task.cancel", { task: id });
  }
  // What its program signalled on a full disk was lost; a person who is asked lets it go on.
  await until(
    "the work lands",
    async () => {
      const { status } = await app.task(running);
      if (status === "needs-input" || status === "failed")
        await app.driver.call("task.retry", { task: running });
      return status === "landed";
    },
    90_000,
  );
  expect(app.core.pid, "the same core all along").toBe(core);
  await untilLanded(app, waiting, 90_000);
});
