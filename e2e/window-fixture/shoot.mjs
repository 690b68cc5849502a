// Takes pictures of every view and looks with axe at what is on them: node e2e/window-fixture/shoot.mjs OUT-DIR [PATTERN-OF-NAMES]
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { chromium } from "@playwright/test";
import axe from "axe-core";
import { serveFixture } from "./serve-fixture.mjs";
import { SHOTS } from "./shots.mjs";

const [out, filter = ""] = process.argv.slice(2);
const only = new RegExp(filter);
if (!out) throw new Error("Name the folder for the pictures: shoot.mjs OUT-DIR [PATTERN]");

const SIZES = [
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
];
let problems = 0;
await using fixture = await serveFixture();
await mkdir(out, { recursive: true });
await using browser = await chromium.launch({
  executablePath: process.env.SWITCHYARD_BROWSER ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
  ],
});
for (const size of SIZES) {
  for (const colorScheme of ["light", "dark"]) {
    for (const shot of SHOTS) {
      const name = `${shot.name}-${colorScheme}-${size.width}`;
      if (only.test(name)) await shoot(name, shot, { viewport: size, colorScheme });
    }
  }
}
if (problems > 0) {
  console.error(`${problems} problems`);
  process.exitCode = 1;
}

async function shoot(name, shot, options) {
  const page = await browser.newPage({ ...options, reducedMotion: "reduce" });
  page.setDefaultTimeout(30_000);
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") report(name, message.text());
  });
  page.on("pageerror", (error) => report(name, error.stack ?? error.message));
  try {
    await page.goto(`${fixture.origin}/?${shot.query}`);
    await page.locator("main").waitFor();
    // Two turns of the invented output, so that panes have their final size and something on them.
    if (shot.name.startsWith("terminals")) await page.waitForTimeout(1_600);
    for (const step of shot.steps) await step(page);
    await page.waitForTimeout(300);
    await page.screenshot({ path: path.join(out, `${name}.png`) });
    // The size of the window changes nothing that axe looks at.
    if (options.viewport === SIZES[0]) await lookWithAxe(page, name);
  } catch (error) {
    report(name, error.message);
    await page.screenshot({ path: path.join(out, `${name}-problem.png`) });
  } finally {
    await page.close();
  }
}

async function lookWithAxe(page, name) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    // What a program prints has the program's colours.
    globalThis.axe.run(
      { include: [["html"]], exclude: [[".xterm-rows"]] },
      { resultTypes: ["violations"] },
    ),
  );
  for (const { id, impact, nodes } of violations) {
    if (impact !== "serious" && impact !== "critical") continue;
    report(name, `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" ")}`);
  }
}

function report(name, text) {
  problems += 1;
  console.error(`${name}: ${text}`);
}
