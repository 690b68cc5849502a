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

const tab = (name) => (page) =>
  page.getByRole("navigation", { name: "Views" }).getByText(name).click();
const row = (text) => (page) => page.getByText(text).first().click();
const inTab = (name) => (page) => page.getByRole("tab", { name }).click();
const press = (keys) => (page) => page.keyboard.press(keys);
const focusPane = (page) => page.getByRole("region", { name: "Terminal t-3" }).click();
const find = (text) => async (page) => {
  await page.keyboard.press("Control+Shift+P");
  await page.keyboard.type(text);
};
const button = (name) => (page) => page.getByRole("button", { name, exact: true }).first().click();

/** From one row of a list to the upper half of another; it is not let go. */
const drag = (from, onto) => async (page) => {
  const middleOf = async (id) => {
    const box = await page.locator(`[data-entry="${id}"]`).boundingBox();
    return [box.x + 120, box.y + box.height / 2];
  };
  await page.mouse.move(...(await middleOf(from)));
  await page.mouse.down();
  const [x, y] = await middleOf(onto);
  await page.mouse.move(x, y - 8, { steps: 4 });
};

/** One pane by its header onto the left edge of another; it is not let go. */
const dragPane = (from, onto) => async (page) => {
  const boxOf = (name) =>
    page.getByRole("region", { name: `Terminal ${name}`, exact: true }).boundingBox();
  const [one, other] = [await boxOf(from), await boxOf(onto)];
  await page.mouse.move(one.x + one.width * 0.6, one.y + 14);
  await page.mouse.down();
  await page.mouse.move(other.x + 30, other.y + other.height / 2, { steps: 5 });
};

/** A scheme of Windows Terminal. */
function inventedTheme() {
  const names =
    "black red green yellow blue purple cyan white brightBlack brightRed brightGreen brightYellow brightBlue brightPurple brightCyan brightWhite";
  const colours =
    "132330 e0707a 7fc08a d9b46a 6fa3d8 b48ad0 6cc0c4 c8d4dc 4a6172 f08a92 9ad6a4 eecb86 8fbdec cba6e6 8bdade f2f7fa";
  const hex = colours.split(" ").map((digits) => `#${digits}`);
  const scheme = Object.fromEntries(names.split(" ").map((name, n) => [name, hex[n]]));
  const whole = { name: "Harbour", background: "#0e1a24", foreground: "#d5e0e8", ...scheme };
  return {
    name: "harbour.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(whole)),
  };
}

const SHOTS = [
  { name: "terminals-0", query: "panes=0", steps: [] },
  { name: "terminals-1", query: "panes=1", steps: [] },
  { name: "terminals-6", query: "panes=6", steps: [] },
  { name: "terminals-16", query: "panes=16", steps: [] },
  { name: "terminals-25", query: "panes=25", steps: [] },
  { name: "terminals-40", query: "panes=40", steps: [] },
  { name: "terminals-9-strip", query: "panes=16&state=grid-9", steps: [] },
  { name: "terminals-focus", query: "panes=16&state=focus", steps: [] },
  { name: "terminals-columns", query: "panes=40&state=columns-4", steps: [] },
  { name: "terminals-profile", query: "panes=9&state=by-profile", steps: [] },
  {
    name: "terminals-split",
    query: "panes=6&state=split",
    steps: [(page) => page.getByRole("separator").first().focus()],
  },
  { name: "terminals-layouts", query: "panes=6&state=split", steps: [button("Saved layouts")] },
  { name: "terminals-drag", query: "panes=6", steps: [dragPane("t-1", "t-5")] },
  {
    name: "terminals-broadcast",
    query: "panes=9",
    steps: [
      press("Control+Shift+B"),
      (page) => page.keyboard.type("Stop at the next commit and say what is left."),
    ],
  },
  {
    name: "terminals-broadcast-ask",
    query: "panes=9",
    steps: [
      press("Control+Shift+B"),
      (page) => page.keyboard.type("Stop at the next commit and say what is left."),
      press("Enter"),
    ],
  },
  {
    name: "terminals-locked",
    query: "panes=4",
    steps: [focusPane, press("Control+Shift+K")],
  },
  {
    name: "terminals-max",
    query: "panes=6",
    steps: [focusPane, press("Control+Shift+M")],
  },
  {
    name: "terminals-move",
    query: "panes=16",
    steps: [find("Move the conversation"), press("Enter")],
  },
  {
    name: "terminals-reply",
    query: "panes=6",
    steps: [focusPane, press("Control+Shift+R"), press("Control+Shift+F")],
  },
  { name: "tasks", query: "panes=6", steps: [tab("Tasks")] },
  { name: "tasks-detail", query: "panes=6", steps: [tab("Tasks"), row("Announce the new limits")] },
  {
    name: "tasks-state",
    query: "panes=16",
    steps: [tab("Tasks"), row("By state"), row("Add a health endpoint")],
  },
  { name: "task-new", query: "panes=6", steps: [press("Control+Shift+N"), row("More: checks")] },
  { name: "queue", query: "panes=6", steps: [tab("Queue")] },
  {
    name: "queue-flaky",
    query: "panes=6&state=flaky",
    steps: [tab("Queue"), row("tests quarantined")],
  },
  {
    name: "queue-frozen",
    query: "panes=6&state=frozen",
    steps: [tab("Queue"), row("Remove the unused chart library")],
  },
  {
    name: "queue-proposed",
    query: "panes=6&state=proposed",
    steps: [tab("Queue"), row("#41 on origin")],
  },
  {
    name: "queue-not-proposed",
    query: "panes=6&state=proposed",
    steps: [tab("Queue"), row("gh is not signed in")],
  },
  { name: "queue-slots", query: "panes=6&state=slots", steps: [tab("Queue")] },
  { name: "terminals-slots", query: "panes=6&state=slots", steps: [] },
  { name: "forecast", query: "panes=6", steps: [tab("Queue"), row("to come")] },
  {
    name: "forecast-25",
    query: "panes=16&state=many-branches",
    steps: [tab("Queue"), row("to come")],
  },
  {
    name: "forecast-empty",
    query: "panes=0&state=no-branches",
    steps: [tab("Queue"), row("Nothing to forecast")],
  },
  {
    name: "queue-diff",
    query: "panes=6",
    steps: [tab("Queue"), row("Export reports in the zone"), inTab("Diff")],
  },
  {
    name: "queue-conflict",
    query: "panes=6",
    steps: [tab("Queue"), row("Fix the time zone of exported"), inTab("Conflict")],
  },
  {
    name: "queue-conflict-edit",
    query: "panes=6",
    steps: [
      tab("Queue"),
      row("Fix the time zone of exported"),
      inTab("Conflict"),
      (page) => page.getByRole("region", { name: "Place 2 of 2" }).focus(),
      press("4"),
    ],
  },
  {
    name: "queue-conflict-moved",
    query: "panes=6&state=moved-conflict",
    steps: [
      tab("Queue"),
      row("Fix the time zone of exported"),
      inTab("Conflict"),
      (page) => page.getByRole("region", { name: "Place 2 of 2" }).focus(),
      press("4"),
      (page) => page.keyboard.type('const ZONE = "UTC";\nconst HEADER = ["at", "name"];'),
      button("Look again"),
    ],
  },
  {
    name: "queue-comments",
    query: "panes=6",
    steps: [
      tab("Queue"),
      row("Export reports in the zone"),
      inTab("Diff"),
      button("Comment on line 12"),
      (page) => page.keyboard.type("Name the part before the colon after what it counts."),
      press("Control+Enter"),
      press("j"),
      press("j"),
      press("Enter"),
      (page) => page.keyboard.type("What if this one fails?"),
    ],
  },
  {
    name: "queue-pushed",
    query: "panes=6",
    steps: [tab("Queue"), row("Print packing slips in A5")],
  },
  { name: "queue-push-rejected", query: "panes=6&state=push-rejected", steps: [tab("Queue")] },
  { name: "inbox-push-rejected", query: "panes=6&state=push-rejected", steps: [tab("Inbox")] },
  { name: "queue-drag", query: "panes=6", steps: [tab("Queue"), drag("q-7", "q-5")] },
  {
    name: "queue-return",
    query: "panes=6",
    steps: [
      tab("Queue"),
      row("Export reports in the zone"),
      inTab("Diff"),
      button("Comment on line 12"),
      (page) => page.keyboard.type("Name the part before the colon after what it counts."),
      press("Control+Enter"),
      button("Return with 1 comment"),
    ],
  },
  {
    name: "queue-checks",
    query: "panes=6",
    steps: [tab("Queue"), row("Remove the unused chart"), inTab("Checks")],
  },
  {
    name: "queue-checks-excused",
    query: "panes=6",
    steps: [tab("Queue"), row("Log slow database queries"), inTab("Checks")],
  },
  {
    name: "queue-checks-failed",
    query: "panes=6",
    steps: [tab("Queue"), row("Fix the time zone"), inTab("Checks")],
  },
  { name: "queue-revert", query: "panes=6", steps: [tab("Queue"), row("Revert")] },
  { name: "queue-undo", query: "panes=6", steps: [tab("Queue"), button("Undo the last landing")] },
  {
    name: "queue-error",
    query: "panes=6&state=error",
    steps: [tab("Queue"), row("Fix the time zone")],
  },
  {
    name: "profiles",
    query: "panes=6",
    steps: [
      tab("Profiles"),
      (page) => page.getByRole("button", { name: "Check", exact: true }).first().click(),
    ],
  },
  { name: "capacity-0", query: "panes=6&state=first-run", steps: [tab("Profiles")] },
  { name: "capacity-1", query: "panes=6&state=one-profile", steps: [tab("Profiles")] },
  { name: "capacity-8", query: "panes=6&state=eight-profiles", steps: [] },
  {
    name: "capacity-8-expanded",
    query: "panes=6&state=eight-profiles",
    steps: [button("Show more of the capacity")],
  },
  { name: "capacity-8-profiles", query: "panes=6&state=eight-profiles", steps: [tab("Profiles")] },
  {
    name: "usage-day",
    query: "panes=6",
    steps: [
      tab("Profiles"),
      (page) => page.getByRole("region", { name: "Usage" }).scrollIntoViewIfNeeded(),
      (page) => page.getByRole("region", { name: "Advice" }).scrollIntoViewIfNeeded(),
    ],
  },
  {
    name: "usage-week",
    query: "panes=6",
    steps: [
      tab("Profiles"),
      (page) => page.getByRole("button", { name: "Last week" }).click(),
      (page) => page.getByRole("region", { name: "Advice" }).scrollIntoViewIfNeeded(),
    ],
  },
  {
    name: "sign-in",
    query: "panes=6",
    steps: [
      tab("Profiles"),
      // The strip above has one of this name too.
      (page) => page.getByRole("button", { name: "Sign in to pro-2" }).last().click(),
    ],
  },
  { name: "profile-add", query: "panes=6", steps: [tab("Profiles"), row("Add profile")] },
  {
    name: "profile-edit",
    query: "panes=6",
    steps: [tab("Profiles"), button("Edit")],
  },
  { name: "profile-import", query: "panes=6", steps: [tab("Profiles"), row("Import profiles")] },
  { name: "inbox", query: "panes=16", steps: [tab("Inbox")] },
  {
    name: "inbox-deny",
    query: "panes=6",
    steps: [tab("Inbox"), press("j"), press("j"), press("d")],
  },
  {
    name: "inbox-return",
    query: "panes=6",
    steps: [tab("Inbox"), (page) => page.getByText("Return with a note").last().click()],
  },
  { name: "inbox-empty", query: "state=first-run&panes=0", steps: [tab("Inbox")] },
  {
    name: "inbox-answered",
    query: "panes=6",
    steps: [
      tab("Inbox"),
      button("Allow once"),
      (page) => page.getByRole("alert").first().waitFor(),
    ],
  },
  {
    name: "tasks-handoffs",
    query: "panes=6",
    steps: [tab("Tasks"), row("Limit sign-in attempts by address")],
  },
  {
    name: "tasks-removed",
    query: "panes=6&state=changes",
    steps: [tab("Tasks"), row("Print packing slips in A5")],
  },
  {
    name: "approvals",
    query: "panes=6",
    steps: [
      (page) => page.getByRole("button", { name: "Project settings" }).click(),
      button("Allowed for good"),
    ],
  },
  {
    name: "hours",
    query: "panes=6",
    steps: [
      (page) => page.getByRole("button", { name: "Project settings" }).click(),
      button("Working hours"),
    ],
  },
  {
    name: "hours-none",
    query: "panes=6&state=changes",
    steps: [
      (page) => page.getByRole("button", { name: "Project settings" }).click(),
      button("Working hours"),
    ],
  },
  {
    name: "removals",
    query: "panes=6",
    steps: [
      (page) => page.getByRole("button", { name: "Project settings" }).click(),
      button("Removed worktrees"),
    ],
  },
  {
    name: "notifications",
    query: "panes=6",
    steps: [button("Notifications"), (page) => page.getByText("Quiet hours").last().click()],
  },
  { name: "halted", query: "panes=6&state=halted", steps: [] },
  { name: "host-silent", query: "panes=6&state=silent", steps: [] },
  { name: "recovering", query: "panes=6&state=recovering", steps: [] },
  { name: "halt", query: "panes=6", steps: [button("Stop all")] },
  {
    name: "doctor",
    query: "panes=6",
    steps: [press("Control+Shift+P"), (page) => page.keyboard.type("doctor"), press("Enter")],
  },
  { name: "activity", query: "panes=6", steps: [tab("Activity")] },
  { name: "palette", query: "panes=6", steps: [press("Control+Shift+P")] },
  {
    name: "terminal-look",
    query: "panes=6",
    steps: [
      find("Look of terminals"),
      press("Enter"),
      (page) => page.getByLabel("Theme file").setInputFiles(inventedTheme()),
      button("Use while dark: Harbour"),
    ],
  },
  {
    name: "search",
    query: "panes=6",
    steps: [
      press("Control+Shift+S"),
      (page) => page.keyboard.type("limit"),
      (page) => page.getByText("more in this one").waitFor(),
    ],
  },
  {
    name: "search-nowhere",
    query: "panes=6",
    steps: [
      press("Control+Shift+S"),
      (page) => page.keyboard.type("zebra"),
      (page) => page.getByText("It is nowhere").waitFor(),
    ],
  },
  {
    name: "search-transcript",
    query: "panes=6",
    steps: [
      press("Control+Shift+S"),
      (page) => page.keyboard.type("limit"),
      (page) => page.getByText("more in this one").waitFor(),
      press("ArrowDown"),
      press("ArrowDown"),
      press("Enter"),
    ],
  },
  { name: "palette-allow", query: "panes=6", steps: [find("allow limit")] },
  { name: "palette-answer", query: "panes=6", steps: [find("answer fix"), press("Enter")] },
  { name: "palette-deny", query: "panes=6", steps: [find("deny cache"), press("Enter")] },
  { name: "keys", query: "panes=6", steps: [tab("Activity"), press("?")] },
  { name: "keys-own", query: "panes=6&state=own-keys", steps: [tab("Activity"), press("?")] },
  { name: "keys-bad", query: "panes=6&state=bad-keys", steps: [tab("Activity"), press("?")] },
  { name: "first-run", query: "state=first-run&panes=0", steps: [] },
  {
    name: "lost",
    query: "panes=6&state=lost",
    steps: [(page) => page.getByRole("alert").first().waitFor()],
  },
  {
    name: "no-connection",
    query: "panes=6&state=no-connection",
    steps: [(page) => page.getByRole("alert").first().waitFor()],
  },
  {
    name: "toast",
    query: "panes=6",
    steps: [tab("Queue"), row("Pause queue"), (page) => page.getByRole("alert").first().waitFor()],
  },
  {
    name: "settings",
    query: "panes=6",
    steps: [(page) => page.getByRole("button", { name: "Project settings" }).click()],
  },
];

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
