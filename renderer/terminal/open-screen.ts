import { FitAddon } from "@xterm/addon-fit";
import { SearchAddon } from "@xterm/addon-search";
import { UnicodeGraphemesAddon } from "@xterm/addon-unicode-graphemes";
import { WebLinksAddon } from "@xterm/addon-web-links";
import { type IMarker, Terminal } from "xterm";
import { guardScreen } from "../../shared/contract/guard-screen.ts";
import type { SessionId } from "../../shared/model/ids.ts";
import { isLineBreakKey } from "./app-keys.ts";
import { disposeTerminal, dropBufferWorkAtReset } from "./dispose-terminal.ts";
import { keepSize } from "./keep-size.ts";
import { isForApp, useKeymap } from "./keymap.ts";
import { linkFiles } from "./link-files.ts";
import { muteAnswers } from "./mute-answers.ts";
import { readTextIn } from "./read-text-line.ts";
import { preparePaste } from "./safe-paste.ts";
import type { ScreenHooks } from "./screen-hooks.ts";
import { coloursOf } from "./terminal-colours.ts";
import { fontSizeFor, useTerminalSettings } from "./terminal-settings.ts";

/** An xterm terminal in an element, with everything that has nothing to do with where its bytes come from. */
export interface Screen {
  readonly session: SessionId;
  readonly hooks: ScreenHooks;
  readonly terminal: Terminal;
  readonly search: SearchAddon;
  /** The columns and rows that the element has room for; null while it is not laid out. */
  proposeSize(): { readonly cols: number; readonly rows: number } | null;
  /** Makes the terminal as large as its element now, and tells the program. */
  claimSize(): void;
  /** Who hears of a new size; nobody while null. */
  tellSize: ((cols: number, rows: number) => void) | null;
  /** Where typed and pasted bytes go; nowhere while null. */
  input: ((bytes: Uint8Array) => void) | null;
  /** The rows at which the program itself has said that a prompt begins. */
  promptRows(): readonly number[];
  /** True while a person reads above the last lines. */
  isReading(): boolean;
}

const SCROLLBACK_LINES = 5_000;
const LINE_HEIGHT = 1.18;
const SCROLLBAR_PX = 8;
const FONTS =
  'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';
const isMac = navigator.platform.startsWith("Mac");

export function openScreen(element: HTMLElement, hooks: ScreenHooks, signal: AbortSignal): Screen {
  const terminal = new Terminal({
    ...lookOptions(),
    fontSize: fontSizeFor(element.clientWidth, hooks.session),
    lineHeight: LINE_HEIGHT,
    scrollback: SCROLLBACK_LINES,
    cursorBlink: false,
    cursorInactiveStyle: "outline",
    macOptionIsMeta: true,
    scrollOnUserInput: true,
    overviewRuler: { width: SCROLLBAR_PX },
    // Decorations of search results and the rules of graphemes need it.
    allowProposedApi: true,
    linkHandler: {
      // Where it leads is judged by the hook, which opens nothing but the web and files.
      allowNonHttpProtocols: true,
      activate: (_event, target, range) =>
        hooks.followLink(target, readTextIn(terminal.buffer.active, range)),
      // Where it really leads, before it is followed.
      hover: (_event, target) => {
        element.title = target.replace(/[\p{Cc}\p{Cf}]/gu, "�");
      },
      leave: () => element.removeAttribute("title"),
    },
  });
  const fit = new FitAddon();
  const search = new SearchAddon();
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.loadAddon(new WebLinksAddon((_event, address) => hooks.followLink(address, address)));
  linkFiles(terminal, hooks);
  guardScreen(terminal, new UnicodeGraphemesAddon());
  muteAnswers(terminal.parser);
  dropBufferWorkAtReset(terminal);
  terminal.open(element);
  joinLetters(element);

  const screen: Screen = {
    session: hooks.session,
    hooks,
    terminal,
    search,
    proposeSize: () => proposeSize(fit),
    claimSize: () => size.claim(),
    tellSize: null,
    promptRows: keepPrompts(terminal),
    input: null,
    isReading: () => terminal.buffer.active.viewportY < terminal.buffer.active.baseY,
  };
  const size = keepSize(screen, element, signal);
  takeInput(screen, element, hooks, signal);
  ringAt(terminal, element, signal);
  copyWhatIsSelected(terminal, element, signal);
  const unsubscribe = useTerminalSettings.subscribe(() => {
    Object.assign(terminal.options, lookOptions());
    joinLetters(element);
    terminal.options.fontSize = fontSizeFor(element.clientWidth, hooks.session);
  });
  const close = () => {
    unsubscribe();
    disposeTerminal(terminal);
  };
  signal.addEventListener("abort", close, { once: true });
  return screen;
}

function lookOptions() {
  const { look, theme } = useTerminalSettings.getState();
  return {
    fontFamily: look.font === null ? FONTS : `${look.font}, ${FONTS}`,
    theme: coloursOf(look, theme),
    minimumContrastRatio: look.contrast,
    screenReaderMode: look.isForScreenReader,
  };
}

/** The style sheet does it: each cell keeps its place, whatever is drawn over several. */
function joinLetters(element: HTMLElement): void {
  element.dataset.ligatures = String(useTerminalSettings.getState().look.hasLigatures);
}

/** How long a bell is seen. */
const BELL_MS = 400;

function ringAt(terminal: Terminal, element: HTMLElement, signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  terminal.onBell(() => {
    if (!useTerminalSettings.getState().look.hasBell) return;
    element.dataset.bell = "true";
    clearTimeout(timer);
    timer = setTimeout(() => delete element.dataset.bell, BELL_MS);
  });
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}

/** When the person lets go: what is under way is copied once. */
function copyWhatIsSelected(terminal: Terminal, element: HTMLElement, signal: AbortSignal): void {
  const onUp = () => {
    const { isCopiedOnSelect } = useTerminalSettings.getState().look;
    if (!isCopiedOnSelect || !terminal.hasSelection()) return;
    // A browser that forbids it has told so where the person copies by a key.
    navigator.clipboard.writeText(terminal.getSelection()).catch(() => undefined);
  };
  element.addEventListener("mouseup", onUp, { signal });
}

/** OSC 133;A: a prompt begins here. */
const PROMPT_CODE = 133;
const PROMPTS_MAX = 500;

function keepPrompts(terminal: Terminal): () => readonly number[] {
  let markers: IMarker[] = [];
  terminal.parser.registerOscHandler(PROMPT_CODE, (text) => {
    if (!text.startsWith("A")) return false;
    const marker = terminal.registerMarker(0);
    if (marker.line === markers.at(-1)?.line) marker.dispose();
    else markers = [...markers, marker];
    // Each marker makes every new line a little slower.
    while (markers.length > PROMPTS_MAX) markers.shift()?.dispose();
    return false;
  });
  return () => {
    markers = markers.filter((marker) => !marker.isDisposed);
    return markers.map((marker) => marker.line);
  };
}

function proposeSize(fit: FitAddon): { readonly cols: number; readonly rows: number } | null {
  const size = fit.proposeDimensions();
  if (!size || !Number.isFinite(size.cols) || !Number.isFinite(size.rows)) return null;
  return { cols: Math.max(2, size.cols), rows: Math.max(1, size.rows) };
}

function takeInput(
  screen: Screen,
  element: HTMLElement,
  hooks: ScreenHooks,
  signal: AbortSignal,
): void {
  const { terminal } = screen;
  const encoder = new TextEncoder();
  terminal.onData((text) => screen.input?.(encoder.encode(text)));
  // Mouse reports of old encodings are bytes, not text.
  terminal.onBinary((text) =>
    screen.input?.(Uint8Array.from(text, (letter) => letter.charCodeAt(0) & 0xff)),
  );
  terminal.attachCustomKeyEventHandler((event) => {
    // An input method has this key: what it makes of it comes as text.
    if (event.isComposing || event.keyCode === COMPOSING_CODE) return true;
    if (isLineBreakKey(event)) {
      if (event.type === "keydown") terminal.input("\n", true);
      event.preventDefault();
      return false;
    }
    const { isLocked } = useKeymap.getState();
    if (!isLocked && isCopyKey(event) && event.type === "keydown" && terminal.hasSelection()) {
      event.preventDefault();
      hooks.copy(terminal.getSelection());
      return false;
    }
    return !isForApp(event);
  });
  const onPaste = (event: ClipboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
    const raw = event.clipboardData?.getData("text/plain") ?? "";
    void pasteInto(terminal, raw, hooks);
  };
  // Before xterm's own listener, which would send the text as it is.
  element.addEventListener("paste", onPaste, { capture: true, signal });
}

/** What browsers give as the code of a key that an input method takes. */
const COMPOSING_CODE = 229;

function isCopyKey(event: KeyboardEvent): boolean {
  return !isMac && event.ctrlKey && event.shiftKey && event.code === "KeyC";
}

async function pasteInto(terminal: Terminal, raw: string, hooks: ScreenHooks): Promise<void> {
  const paste = preparePaste(raw, terminal.modes.bracketedPasteMode);
  if (paste.text === "") return;
  const text = `Paste ${paste.lines} lines? Each may run as a command.`;
  const question = { label: "Paste several lines", text, yes: "Paste" };
  if (paste.needsConsent && !(await hooks.ask(question))) return;
  terminal.paste(paste.text);
}
