import type { Page } from "@playwright/test";
import axe from "axe-core";
import { expect } from "./fixtures.ts";

/**
 * Looks at the page as it stands, with every rule of axe or with those named; what it calls serious or critical must not be
 * there. In a second theme nothing but the colours can differ.
 */
export async function checkAccessibility(
  page: Page,
  where: string,
  rules: string[] | null = null,
): Promise<void> {
  // The debugger's own evaluation is free of the page's policy, which rightly stops a foreign script.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (only) =>
      (window as unknown as { axe: typeof axe }).axe.run(
        // What a program prints has the program's colours; the terminal lifts them to a contrast of its own.
        { include: [["html"]], exclude: [[".xterm-rows"]] },
        { resultTypes: ["violations"], ...(only ? { runOnly: only } : {}) },
      ),
    rules,
  );
  const grave = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join("\n    ")}`);
  expect.soft(grave, where).toEqual([]);
}
