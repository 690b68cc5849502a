import { create } from "zustand";
import type { SessionId } from "../../shared/model/ids.ts";
import { type TerminalLook, usualLook } from "../../shared/model/terminal-look.ts";
import { type AppClient, call } from "../client/connection.ts";
import { toastError } from "../ui/toasts.tsx";

export const FONT_SIZE = { least: 8, usual: usualLook.fontSize, most: 24 } as const;
/** Several presses of a key are one change. */
const KEEP_AFTER_MS = 300;

interface TerminalSettings {
  readonly look: TerminalLook;
  readonly theme: "light" | "dark";
  /** How much larger the letters of single panes are, until this window is closed. */
  readonly larger: Readonly<Record<SessionId, number>>;
}

/** How this window draws its terminals. */
export const useTerminalSettings = create<TerminalSettings>(() => ({
  look: usualLook,
  theme: "dark",
  larger: {},
}));

let isLoaded = false;
let isKept = true;
let timer: ReturnType<typeof setTimeout> | null = null;

/** Kept in the data folder, where the next window finds it. */
export function changeLook(patch: Partial<TerminalLook>): void {
  useTerminalSettings.setState(({ look }) => ({ look: { ...look, ...patch } }));
  isKept = false;
  if (timer !== null) clearTimeout(timer);
  timer = setTimeout(keep, KEEP_AFTER_MS);
}

/** At the first connection of this window; what was changed while there was none is kept at the next. */
export async function loadLook(client: Pick<AppClient, "call">): Promise<void> {
  if (isLoaded) {
    if (!isKept) keep();
    return;
  }
  const { look, problem } = await client.call("window.look", {});
  isLoaded = true;
  if (problem !== null) toastError(new Error(problem));
  if (look && isKept) useTerminalSettings.setState({ look });
}

function keep(): void {
  timer = null;
  if (!isLoaded) return;
  const { look } = useTerminalSettings.getState();
  call("window.keep-look", { look })
    .then(() => {
      isKept = useTerminalSettings.getState().look === look;
    })
    // The window says itself that the connection is lost; with the next one it is kept.
    .catch(() => undefined);
}

/** Zero brings the usual size back, in all panes. */
export function zoomTerminals(by: -1 | 0 | 1): void {
  const { look } = useTerminalSettings.getState();
  if (by === 0) useTerminalSettings.setState({ larger: {} });
  changeLook({ fontSize: by === 0 ? FONT_SIZE.usual : within(look.fontSize + by) });
}

/** One pane alone, beside the size of all. */
export function zoomPane(session: SessionId, by: -1 | 1): void {
  useTerminalSettings.setState(({ larger, look }) => {
    const wanted = within(look.fontSize + (larger[session] ?? 0) + by) - look.fontSize;
    return { larger: { ...larger, [session]: wanted } };
  });
}

/** Narrow panes get smaller letters, so that a prompt drawn for 80 columns still reads. */
export function fontSizeFor(paneWidthPx: number, session: SessionId): number {
  const { look, larger } = useTerminalSettings.getState();
  const less = paneWidthPx < 360 ? 3 : paneWidthPx < 520 ? 2 : paneWidthPx < 640 ? 1 : 0;
  return within(look.fontSize + (larger[session] ?? 0) - less);
}

function within(size: number): number {
  return Math.min(FONT_SIZE.most, Math.max(FONT_SIZE.least, size));
}
