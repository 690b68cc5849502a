import path from "node:path";
import { _electron, type ElectronApplication, type Page } from "@playwright/test";
import { findElectron } from "../build/electron-binary.mjs";
import type { AppHome } from "./app-home.ts";

const projectFolder = path.resolve(import.meta.dirname, "..");
const doubleExecutable = path.join(import.meta.dirname, "electron-double/electron");

export interface LaunchedElectron extends AsyncDisposable {
  readonly page: Page;
  readonly origin: null;
  readonly electron: ElectronApplication;
}

/** Null when Electron's own binary is here. */
export function describeMissingElectron(): string | null {
  const electron = findElectron();
  if (electron.kind === "found") return null;
  return `${electron.why} The electron-double project ran the same test on the stand-in, which is not Electron.`;
}

/** The built app in Electron, or on the double that stands in for its executable. */
export async function launchElectron(options: {
  readonly home: AppHome;
  readonly isDouble: boolean;
}): Promise<LaunchedElectron> {
  const { home, isDouble } = options;
  const isRoot = process.platform === "linux" && process.getuid?.() === 0;
  const electron = await _electron.launch({
    args: [projectFolder, ...(isRoot ? ["--no-sandbox"] : [])],
    cwd: home.workFolder,
    env: { ...home.env },
    ...(isDouble ? { executablePath: doubleExecutable } : {}),
  });
  if (process.env.DEBUG_APP) {
    electron.process().stdout?.pipe(process.stderr);
    electron.process().stderr?.pipe(process.stderr);
  }
  try {
    const page = await electron.firstWindow();
    // A window begins with an empty page.
    await page.waitForURL((url) => url.pathname === "/index.html");
    return { page, origin: null, electron, [Symbol.asyncDispose]: () => electron.close() };
  } catch (error) {
    await electron.close();
    throw error;
  }
}
