import { z } from "zod";

/** What can have keys, with those that it has unless a person's `keys.yaml` says otherwise. Null: none. */
export const KEY_ACTIONS = {
  "view-1": ["Show terminals", "Alt+1"],
  "view-2": ["Show tasks", "Alt+2"],
  "view-3": ["Show queue", "Alt+3"],
  "view-4": ["Show profiles", "Alt+4"],
  "view-5": ["Show activity", "Alt+5"],
  "view-6": ["Show inbox", "Alt+6"],
  palette: ["Command palette", "Mod+Shift+P"],
  "next-in-need": ["Next thing that waits for you", "Mod+Shift+."],
  keys: ["Show keyboard shortcuts", "?"],
  "new-task": ["New task", "Mod+Shift+N"],
  "next-pane": ["Next pane", "Mod+Tab"],
  "previous-pane": ["Previous pane", "Mod+Shift+Tab"],
  "pane-left": ["The pane on the left", "Mod+Shift+ArrowLeft"],
  "pane-right": ["The pane on the right", "Mod+Shift+ArrowRight"],
  "pane-above": ["The pane above", "Mod+Shift+ArrowUp"],
  "pane-below": ["The pane below", "Mod+Shift+ArrowDown"],
  "leave-pane": ["Out of the terminal, to its buttons; and back", "F6"],
  maximise: ["Maximise the pane, or back", "Mod+Shift+M"],
  split: ["Split the pane", "Mod+Shift+D"],
  "split-below": ["Split the pane below", null],
  "close-place": ["Close the pane's place", null],
  "move-earlier": ["Move the pane one place earlier", null],
  "move-later": ["Move the pane one place later", null],
  wider: ["Make the pane wider", null],
  narrower: ["Make the pane narrower", null],
  taller: ["Make the pane taller", null],
  lower: ["Make the pane lower", null],
  "even-out": ["Make all panes the same size", null],
  "next-tab": ["Next tab of terminals", "Mod+Shift+]"],
  "previous-tab": ["Previous tab of terminals", "Mod+Shift+["],
  "new-tab": ["New tab of terminals", null],
  "follow-need": ["Follow what needs you, or not", null],
  "hide-done": ["Hide what is done, or show it", null],
  "session-list": ["Show or hide the session list", "Mod+Shift+L"],
  search: ["Search in the pane", "Mod+Shift+F"],
  "search-all": ["Search every terminal and conversation", "Mod+Shift+S"],
  "previous-mark": ["The prompt before, in the pane", "Mod+Shift+PageUp"],
  "next-mark": ["The next prompt in the pane", "Mod+Shift+PageDown"],
  links: ["Links in the pane", "Mod+Shift+O"],
  reply: ["Reply to the pane", "Mod+Shift+R"],
  broadcast: ["Write to several terminals", "Mod+Shift+B"],
  lock: ["Send every key to the pane, or no longer", "Mod+Shift+K"],
  "zoom-in": ["Larger letters in terminals", "Mod++"],
  "zoom-out": ["Smaller letters in terminals", "Mod+-"],
  "zoom-reset": ["Usual letters in terminals", "Mod+0"],
} as const satisfies Readonly<Record<string, readonly [title: string, keys: string | null]>>;

export type KeyAction = keyof typeof KEY_ACTIONS;
// The names of a constant map are its keys.
export const KEY_ACTION_NAMES = Object.keys(KEY_ACTIONS) as readonly KeyAction[];

const NAMED_KEYS = [
  ...["Tab", "Enter", "Escape", "Space", "Backspace", "Insert", "Delete", "Home", "End"],
  ...["PageUp", "PageDown", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"],
];
const MODIFIERS = ["Mod", "Alt", "Shift"] as const;

interface Chord {
  readonly modifiers: ReadonlySet<string>;
  readonly key: string;
}

/** The parts of `Mod+Shift+P`; null when it is not spelled so. */
export function parseKeys(keys: string): Chord | null {
  // The last plus of `Mod++` is the key itself.
  const parts = keys.endsWith("++") ? [...keys.slice(0, -2).split("+"), "+"] : keys.split("+");
  const modifiers = parts.slice(0, -1);
  const key = parts.at(-1) ?? "";
  const isKnown = modifiers.every((name) => MODIFIERS.some((each) => each === name));
  const isKey =
    NAMED_KEYS.includes(key) || /^F([1-9]|1[0-2])$/.test(key) || /^[\x21-\x7e]$/.test(key);
  const isOnce = new Set(modifiers).size === modifiers.length;
  return isKnown && isKey && isOnce ? { modifiers: new Set(modifiers), key } : null;
}

/** One spelling for one chord; what cannot be read stays as it is. */
export function canonKeys(keys: string): string {
  const chord = parseKeys(keys);
  if (!chord) return keys;
  const held = MODIFIERS.filter((name) => chord.modifiers.has(name));
  return [...held, chord.key.length === 1 ? chord.key.toUpperCase() : chord.key].join("+");
}

/** Why an action cannot have these keys, in words that say what it can have; null when it can. */
export function whyNotKeys(keys: string): string | null {
  const chord = parseKeys(keys);
  if (!chord)
    return "write keys such as Mod+Shift+G, Alt+7 or F8, or none; Mod is Ctrl, and Cmd on macOS";
  const { modifiers, key } = chord;
  const holds = (...names: readonly string[]) =>
    modifiers.size === names.length && names.every((name) => modifiers.has(name));
  const isForApp =
    holds("Mod", "Shift") ||
    (holds("Mod") && /^(Tab|[-+0])$/.test(key)) ||
    (holds("Alt") && /^[1-9]$/.test(key)) ||
    (/^F\d+$/.test(key) && (holds() || holds("Shift"))) ||
    (holds() && /^[^\w/ ]$/.test(key));
  return isForApp
    ? null
    : "these keys belong to the program in a terminal; the app has Mod+Shift+…, Alt+1 to Alt+9, F1 to F12, Mod+Tab, Mod with +, - or 0, and a sign such as ?";
}

const Keys = z.string("write keys such as Mod+Shift+G, or none").superRefine((keys, issue) => {
  const why = keys === "none" ? null : whyNotKeys(keys);
  if (why !== null) issue.addIssue({ code: "custom", message: why });
});

/** `keys.yaml` in the data folder: keys by what they do; `none` takes them away. */
export const KeyFile = z.strictObject({
  version: z.literal(1).optional(),
  keys: z
    .strictObject(
      // Each name of the map is there, so the object has exactly them.
      Object.fromEntries(KEY_ACTION_NAMES.map((name) => [name, Keys.optional()])) as Record<
        KeyAction,
        z.ZodOptional<typeof Keys>
      >,
    )
    .optional(),
});
export type KeyFile = z.infer<typeof KeyFile>;
