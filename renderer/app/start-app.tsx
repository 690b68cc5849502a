import { createRoot } from "react-dom/client";
import { z } from "zod";
import type { Wire } from "../../shared/contract/wire.ts";
import { type AppClient, call, stayConnected, useConnection } from "../client/connection.ts";
import { runNotices } from "../features/notifications/run-notices.ts";
import { loadLayouts } from "../features/terminals/layout-store.ts";
import { fillMirror } from "../mirror/mirror.ts";
import { loadKeymap } from "../terminal/keymap.ts";
import { loadLook } from "../terminal/terminal-settings.ts";
import { act } from "../ui/use-action.ts";
import { App } from "./app.tsx";
import { followShell } from "./follow-shell.ts";
import { listenToKeys } from "./keyboard.ts";
import { noticeHooks } from "./notice-hooks.ts";
import "./style.css";
import { followTheme } from "./theme.ts";

// zod would try whether it may compile code; the content security policy says no, and logs that it was asked.
z.config({ jitless: true });

/** Puts the whole window into `#root` and keeps it connected over wires from `openWire` until the page goes. */
export function startApp(openWire: () => Promise<Wire>): void {
  const root = document.getElementById("root");
  if (!root) throw new Error("The page has no element with the id “root”.");
  const leaving = new AbortController();
  addEventListener("pagehide", () => leaving.abort());
  followTheme(leaving.signal);
  listenToKeys(leaving.signal);
  followShell(leaving.signal);
  runNotices(noticeHooks, leaving.signal);
  createRoot(root).render(<App />);
  const onOpen = async (client: AppClient) => {
    await Promise.all([
      fillMirror(client),
      loadLayouts(client),
      loadKeymap(client),
      loadLook(client),
    ]);
  };
  // Whoever has written other keys comes back from an editor.
  addEventListener(
    "focus",
    () => useConnection.getState().kind === "open" && act(() => loadKeymap({ call })),
    { signal: leaving.signal },
  );
  void stayConnected(openWire, onOpen, leaving.signal);
}
