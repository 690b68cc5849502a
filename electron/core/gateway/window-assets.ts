import { readFile } from "node:fs/promises";
import path from "node:path";

/** One policy for both shells: the window loads its own files, talks to its own core, and nothing else. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // xterm.js and interface kits set style elements and attributes; no style can run code or call out under this policy.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join("; ");

export const windowHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
};

export interface WindowAsset {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/**
 * A file of the built window, by the path of its address. A path that leaves the folder is not found, like one that is not there.
 *
 * @param rendererDir absolute folder of the built window
 */
export async function readWindowAsset(rendererDir: string, pathname: string): Promise<WindowAsset> {
  const file = resolveInside(rendererDir, pathname === "/" ? "/index.html" : pathname);
  if (!file) return notFound;
  try {
    const contentType = contentTypes[path.extname(file)] ?? "application/octet-stream";
    const body = new Uint8Array(await readFile(file));
    return { status: 200, headers: { ...windowHeaders, "content-type": contentType }, body };
  } catch {
    // Not there, or a folder: for a window both are the same answer.
    return notFound;
  }
}

const notFound: WindowAsset = {
  status: 404,
  headers: { ...windowHeaders, "content-type": "text/plain; charset=utf-8" },
  body: new Uint8Array(Buffer.from("not found")),
};

function resolveInside(folder: string, pathname: string): string | null {
  try {
    const file = path.join(folder, decodeURIComponent(pathname));
    return file.startsWith(folder + path.sep) && !file.includes("\0") ? file : null;
  } catch {
    // A stray percent sign.
    return null;
  }
}
