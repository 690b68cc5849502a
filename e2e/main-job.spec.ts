import { prepareDemo } from "../demo/prepare-demo.ts";
import { runDemo } from "../demo/run-demo.ts";
import { expect, test } from "./fixtures.ts";

test("a plan of tasks is worked off over two profiles in view of the window, and lands", async ({
  app: { page, client, workFolder },
}, testInfo) => {
  testInfo.setTimeout(500_000);
  await using demo = await prepareDemo({ folder: workFolder });
  const progress: string[] = [];
  const run = runDemo({
    client,
    demo,
    onProgress: (line) => progress.push(line),
    signal: AbortSignal.timeout(480_000),
  });

  // Two profiles with caps 2 and 1: three panes live, and the meters never say more than the caps.
  await expect(page.getByRole("region", { name: /^Terminal t-/ })).toHaveCount(3, {
    timeout: 60_000,
  });
  for (const { name, cap } of demo.profiles) {
    const meter = page.getByRole("meter", { name: `${name} sessions` });
    await expect(meter).toHaveAttribute("aria-valuemax", String(cap));
    await expect(meter).toHaveAttribute("aria-valuenow", String(cap));
    await expect(page.getByRole("meter", { name: `${name} five-hour window` })).toHaveAttribute(
      "aria-valuenow",
      /^[1-9]/,
      { timeout: 60_000 },
    );
  }
  const pane = page.getByRole("region", { name: /^Terminal t-/ }).first();
  await expect(pane.getByRole("status").first()).toContainText(/working|starting/i);

  const outcome = await run;
  expect(outcome, progress.join("\n")).toMatchObject({ kind: "landed", landed: demo.tasks.length });
  expect(outcome.kind === "landed" && outcome.returned).toBeGreaterThanOrEqual(1);
  for (const { name } of demo.profiles) {
    await expect(page.getByRole("meter", { name: `${name} sessions` })).toHaveAttribute(
      "aria-valuenow",
      "0",
    );
  }

  await page.keyboard.press("Alt+2");
  const tasks = page.getByRole("list", { name: "Tasks" });
  await expect(tasks.getByRole("listitem").filter({ hasText: /landed/i })).toHaveCount(
    demo.tasks.length,
  );
});
