import { spawn } from "node:child_process";

/** Asks the system to show a link. Best effort: the link has been printed too. */
export function openInBrowser(url: string): void {
  const [file, ...args] = opener(url);
  if (file === undefined) return;
  const child = spawn(file, args, { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}

function opener(url: string): readonly string[] {
  switch (process.platform) {
    case "darwin":
      return ["open", url];
    case "win32":
      return ["rundll32", "url.dll,FileProtocolHandler", url];
    default:
      return process.env.DISPLAY || process.env.WAYLAND_DISPLAY ? ["xdg-open", url] : [];
  }
}
