// Takes pictures of every view and looks with axe at what is on them: node e2e/window-fixture/shoot.mjs OUT-DIR [PATTERN-OF-NAMES]
import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import os from "node:os";
import path from "node:path";
import { chromium } from "@playwright/test";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import axe from "axe-core";
import { build } from "vite";
import { SHOTS } from "./shots.mjs";

const [out, filter = ""] = process.argv.slice(2);
const only = new RegExp(filter);
if (!out) throw new Error("Name the folder for the pictures: shoot.mjs OUT-DIR [PATTERN]");

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'";
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const SIZES = [
  { width: 1280, height: 800 },
  { width: 2560, height: 1440 },
];
const here = import.meta.dirname;

const work = await mkdtemp(path.join(os.tmpdir(), "window-fixture-"));
let problems = 0;
try {
  await build({
    configFile: false,
    root: here,
    base: "./",
    publicDir: path.join(here, "../../renderer/public"),
    logLevel: "warn",
    plugins: [react(), tailwindcss()],
    build: { outDir: work, emptyOutDir: true, target: "chrome140", assetsInlineLimit: 0 },
  });
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    const file = path.join(work, pathname === "/" ? "index.html" : path.normalize(pathname));
    const headers = {
      "content-type": TYPES[path.extname(file)] ?? "application/octet-stream",
      "content-security-policy": CONTENT_SECURITY_POLICY,
    };
    try {
      response.writeHead(200, headers).end(await readFile(file));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  await mkdir(out, { recursive: true });
  const browser = await chromium.launch({
    executablePath: process.env.SWITCHYARD_BROWSER ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
    ],
  });
  try {
    for (const size of SIZES) {
      for (const colorScheme of ["light", "dark"]) {
        for (const shot of SHOTS) {
          const name = `${shot.name}-${colorScheme}-${size.width}`;
          if (only.test(name))
            await shoot(browser, origin, name, shot, { viewport: size, colorScheme });
        }
      }
    }
  } finally {
    await browser.close();
    server.close();
  }
} finally {
  await rm(work, { recursive: true, force: true });
}
if (problems > 0) {
  console.error(`${problems} problems`);
  process.exitCode = 1;
}

async function shoot(browser, origin, name, shot, options) {
  const page = await browser.newPage({ ...options, reducedMotion: "reduce" });
  page.setDefaultTimeout(30_000);
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") report(name, message.text());
  });
  page.on("pageerror", (error) => report(name, error.stack ?? error.message));
  try {
    await page.goto(`${origin}/?${shot.query}`);
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
