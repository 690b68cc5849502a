import { expect, test } from "./fixtures.ts";

test("the page can run and reach nothing but its own", async ({ app: { page }, shell }) => {
  const seen = await page.evaluate(async () => {
    const violations: string[] = [];
    const noted = new Promise<void>((resolve) => {
      document.addEventListener("securitypolicyviolation", (event) => {
        violations.push(event.effectiveDirective);
        if (violations.length === 4) resolve();
      });
    });
    await fetch("https://example.invalid/").catch(() => {});
    const script = document.createElement("script");
    script.textContent = "window.wasInjected = true";
    document.head.append(script);
    const frame = document.createElement("iframe");
    frame.src = "https://example.invalid/";
    document.body.append(frame);
    // Not called here: what the debugger evaluates is free of the policy.
    setTimeout(() => {
      try {
        // biome-ignore lint/security/noGlobalEval: the test asks whether the policy stops it.
        globalThis.eval("1");
      } catch {
        // The violation is noted above.
      }
    });
    await noted;
    // Only a preload could have put it there.
    const bridge = (window as { desktop?: object }).desktop ?? {};
    return {
      violations,
      wasInjected: "wasInjected" in window,
      require: typeof (globalThis as { require?: unknown }).require,
      process: typeof (globalThis as { process?: unknown }).process,
      bridge: Object.keys(bridge),
    };
  });
  expect(seen.violations.toSorted()).toEqual([
    "connect-src",
    "frame-src",
    "script-src",
    "script-src-elem",
  ]);
  expect(seen).toMatchObject({ wasInjected: false, require: "undefined", process: "undefined" });
  expect(seen.bridge).toEqual(shell === "web" ? [] : ["connect"]);
});

test("no cookie is set, and the code is gone from the address", { tag: "@web" }, async ({
  app,
}) => {
  await expect.poll(() => app.page.evaluate(() => Object.keys(sessionStorage))).not.toEqual([]);
  expect(app.page.url()).toBe(`${app.origin}/`);
  expect(await app.page.context().cookies()).toEqual([]);
});

test("a used link, a wrong host and a wrong origin are refused", { tag: "@web" }, async ({
  app,
}) => {
  const { request } = app.page;
  const origin = app.origin ?? "";
  const { url } = await app.client.call("app.link", {});
  const code = new URL(url ?? "").hash.slice("#code=".length);
  const logIn = () => request.post(`${origin}/login`, { data: code, headers: { origin } });
  expect([(await logIn()).status(), (await logIn()).status()]).toEqual([200, 403]);

  const hosts = ["evil.test", "localhost", "127.attacker.example"];
  for (const host of hosts) {
    expect((await request.get(origin, { headers: { host } })).status()).toBe(403);
  }
  const foreign = { origin: "http://127.0.0.1:1" };
  expect((await request.post(`${origin}/login`, { data: "x", headers: foreign })).status()).toBe(
    403,
  );
});

test("the wire opens for the token alone", { tag: "@web" }, async ({ app: { page } }) => {
  await expect.poll(() => page.evaluate(() => sessionStorage.length)).toBeGreaterThan(0);
  const outcomes = await page.evaluate(async () => {
    const open = (token: string) =>
      new Promise<string>((resolve) => {
        const address = `${location.origin.replace("http", "ws")}/wire`;
        const socket = new WebSocket(address, ["switchyard.v1", `token.${token}`]);
        socket.onopen = () => resolve("open");
        socket.onerror = () => resolve("refused");
      });
    const [token = ""] = Object.values(sessionStorage) as string[];
    return [await open("x".repeat(43)), await open(token)];
  });
  expect(outcomes).toEqual(["refused", "open"]);
});

test("the token and the code are in no command line", { tag: "@web" }, async ({ app }) => {
  test.skip(process.platform !== "linux", "command lines of others are read from /proc");
  const { readFileSync } = await import("node:fs");
  const { pid } = await app.client.call("app.info", {});
  await expect.poll(() => app.page.evaluate(() => sessionStorage.length)).toBeGreaterThan(0);
  const token = await app.page.evaluate(() => String(Object.values(sessionStorage)[0]));
  const { url } = await app.client.call("app.link", {});
  for (const place of ["cmdline", "environ"]) {
    const text = readFileSync(`/proc/${pid}/${place}`, "utf8");
    expect(text).not.toContain(token);
    expect(text).not.toContain(new URL(url ?? "").hash);
  }
});

test("a window stays on its page, and links go outside", { tag: "@desktop" }, async ({ app }) => {
  const { page, electron } = app;
  if (!electron) throw new Error("the desktop shell runs in Electron");
  const appWindow = await electron.browserWindow(page);
  await expect
    .poll(() => appWindow.evaluate((shown) => [shown.isVisible(), shown.webContents.getURL()]))
    .toEqual([true, "app://bundle/index.html"]);

  await electron.evaluate(({ shell }) => {
    const opened: string[] = [];
    Object.assign(globalThis, { opened });
    shell.openExternal = async (url) => void opened.push(url);
  });
  await page.evaluate(() => {
    for (const url of ["file:///etc/passwd", "javascript:1", "https://example.com/x"]) {
      window.open(url);
    }
  });
  const opened = () =>
    electron.evaluate(() => (globalThis as unknown as { opened: string[] }).opened);
  await expect.poll(opened).toEqual(["https://example.com/x"]);

  // A later request is answered only after the navigation was refused.
  await page.evaluate(async () => {
    location.href = "https://example.com/";
    await fetch("/index.html");
  });
  expect(page.url()).not.toContain("example.com");
  expect(electron.windows()).toHaveLength(1);
});

test("a window has the safe preferences", { tag: "@desktop" }, async ({ app, shell }) => {
  const { page, electron } = app;
  const window = await electron?.browserWindow(page);
  const preferences = await window?.evaluate(({ webContents }) =>
    // The double keeps what was asked for; Electron answers with what holds.
    "preferences" in webContents
      ? webContents.preferences
      : (webContents as unknown as { getLastWebPreferences(): object }).getLastWebPreferences(),
  );
  expect(preferences, shell).toMatchObject({
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    webSecurity: true,
  });
});

test("every permission but two is refused", { tag: "@desktop" }, async ({ app, shell }) => {
  test.skip(shell !== "electron-double", "only the stand-in shows the handlers that were set");
  const answers = await app.electron?.evaluate(({ session, webContents }) => {
    const [contents] = webContents.getAllWebContents();
    const stranger = { getURL: () => "https://example.com/" };
    type Check = (contents: unknown, permission: string) => boolean;
    type Request = (contents: unknown, permission: string, answer: (is: boolean) => void) => void;
    // The stand-in keeps the handlers where a test can ask them what Chromium would.
    const { check, request, device } = (
      session.defaultSession as unknown as {
        permissionHandlers: { check: Check; request: Request; device: () => boolean };
      }
    ).permissionHandlers;
    const ask = (who: unknown, permission: string) => {
      let answer: boolean | null = null;
      request(who, permission, (is) => {
        answer = is;
      });
      return [check(who, permission), answer];
    };
    return {
      ours: ["notifications", "clipboard-sanitized-write", "media", "hid", "clipboard-read"].map(
        (permission) => ask(contents, permission),
      ),
      strangers: ask(stranger, "notifications"),
      device: device(),
    };
  });
  const [yes, no] = [
    [true, true],
    [false, false],
  ];
  expect(answers).toEqual({ ours: [yes, yes, no, no, no], strangers: no, device: false });
});
