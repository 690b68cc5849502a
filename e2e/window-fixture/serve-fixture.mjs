import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import os from "node:os";
import path from "node:path";
import { build } from "vite";
import { fixtureBuild } from "./fixture-build.mjs";

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'";
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const PAGES = ["index.html", "gallery.html"];

/**
 * The window over an invented core at `/` and the gallery of its parts at `/gallery.html`, under the policy of the app's own page.
 *
 * @returns {Promise<{ origin: string, [Symbol.asyncDispose](): Promise<void> }>}
 */
export async function serveFixture() {
  const folder = await mkdtemp(path.join(os.tmpdir(), "window-fixture-"));
  const end = () => rm(folder, { recursive: true, force: true });
  try {
    await build({
      ...fixtureBuild,
      logLevel: "error",
      build: {
        outDir: folder,
        emptyOutDir: true,
        target: "chrome140",
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: 2000,
        rolldownOptions: { input: PAGES.map((page) => path.join(import.meta.dirname, page)) },
      },
    });
  } catch (error) {
    await end();
    throw error;
  }
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
    const file = path.join(folder, pathname === "/" ? "index.html" : path.normalize(pathname));
    try {
      const body = await readFile(file);
      response
        .writeHead(200, {
          "content-type": typeOf(file),
          "content-security-policy": CONTENT_SECURITY_POLICY,
        })
        .end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no port.");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await end();
    },
  };
}

/** @param {string} file */
function typeOf(file) {
  const ending = path.extname(file);
  return ending in TYPES
    ? TYPES[/** @type {keyof typeof TYPES} */ (ending)]
    : "application/octet-stream";
}
