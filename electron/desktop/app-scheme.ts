import { protocol } from "electron";
import { readWindowAsset } from "../core/gateway/window-assets.ts";

export const APP_ORIGIN = "app://bundle";

/** Must run before Electron is ready. A scheme of our own instead of file://: it has an origin, and reaches no other file. */
export function declareAppScheme(): void {
  const privileges = { standard: true, secure: true, supportFetchAPI: true };
  protocol.registerSchemesAsPrivileged([{ scheme: "app", privileges }]);
}

export function serveAppScheme(rendererDir: string): void {
  protocol.handle("app", async (request) => {
    const url = new URL(request.url);
    // Any other host is a place that does not exist, whatever its path says.
    const pathname = url.host === "bundle" && request.method === "GET" ? url.pathname : "/../";
    const asset = await readWindowAsset(rendererDir, pathname);
    return new Response(asset.body, { status: asset.status, headers: asset.headers });
  });
}

/** Whether an address is a page of ours; an origin alone can be the start of a longer name. */
export function isAppPage(address: string): boolean {
  return address.startsWith(`${APP_ORIGIN}/`);
}
