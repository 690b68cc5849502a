import { ColourScheme } from "./terminal-look.ts";

export type SchemeReading =
  | { readonly kind: "read"; readonly schemes: readonly ColourScheme[] }
  | { readonly kind: "unreadable"; readonly why: string };

/** The names of Windows Terminal, in the order of the numbers that programs use. */
const WINDOWS_NAMES = [
  ...["black", "red", "green", "yellow", "blue", "purple", "cyan", "white"],
  ...["brightBlack", "brightRed", "brightGreen", "brightYellow"],
  ...["brightBlue", "brightPurple", "brightCyan", "brightWhite"],
];
const PARTS = ["Red", "Green", "Blue"] as const;

/**
 * The colours in the text of a theme: an `.itermcolors` file of iTerm2, or a scheme of Windows Terminal, alone or within its settings.
 * `name` is what a theme without one is called.
 */
export function readColourSchemes(text: string, name: string): SchemeReading {
  const begin = text.trimStart();
  if (begin.startsWith("<")) return readAll([readITerm(begin, name)]);
  let json: unknown;
  try {
    // Settings of Windows Terminal have comments and commas that JSON has not.
    json = JSON.parse(withoutComments(begin));
  } catch {
    return {
      kind: "unreadable",
      why: "it is neither an .itermcolors file of iTerm2 nor a scheme of Windows Terminal in JSON",
    };
  }
  const found = schemesIn(json);
  if (found.length === 0) return { kind: "unreadable", why: "there is no colour scheme in it" };
  return readAll(found.map((scheme) => readWindows(scheme, name)));
}

function readAll(raw: readonly unknown[]): SchemeReading {
  const schemes: ColourScheme[] = [];
  for (const each of raw) {
    const parsed = ColourScheme.safeParse(each);
    if (parsed.success) schemes.push(parsed.data);
    else {
      const place = parsed.error.issues[0]?.path.join(" ") || "its colours";
      return { kind: "unreadable", why: `${place} is missing or no colour` };
    }
  }
  return { kind: "read", schemes };
}

function readITerm(text: string, name: string): unknown {
  const colours = new Map<string, string>();
  for (const [, key = "", dict = ""] of text.matchAll(
    /<key>([^<]{1,60})<\/key>\s*<dict>([\s\S]*?)<\/dict>/g,
  )) {
    const parts = PARTS.map((part) => {
      const value = new RegExp(
        `<key>${part} Component</key>\\s*<(?:real|integer)>([\\d.eE+-]+)<`,
      ).exec(dict)?.[1];
      return value === undefined ? Number.NaN : Number(value);
    });
    colours.set(key, toHex(parts));
  }
  const numbered = Array.from({ length: 16 }, (_, n) => colours.get(`Ansi ${n} Color`));
  return compact({
    name,
    background: colours.get("Background Color"),
    foreground: colours.get("Foreground Color"),
    cursor: colours.get("Cursor Color"),
    selection: colours.get("Selection Color"),
    colours: numbered,
  });
}

function readWindows(scheme: Readonly<Record<string, unknown>>, name: string): unknown {
  const hex = (key: string) => {
    const value = scheme[key];
    return typeof value === "string" ? longHex(value) : undefined;
  };
  return compact({
    name: typeof scheme.name === "string" && scheme.name !== "" ? scheme.name.slice(0, 80) : name,
    background: hex("background"),
    foreground: hex("foreground"),
    cursor: hex("cursorColor"),
    selection: hex("selectionBackground"),
    colours: WINDOWS_NAMES.map(hex),
  });
}

function schemesIn(json: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof json !== "object" || json === null) return [];
  const list = Array.isArray(json) ? json : "schemes" in json ? json.schemes : [json];
  if (!Array.isArray(list)) return [];
  return list.filter((each) => typeof each === "object" && each !== null && "background" in each);
}

/** Strings are kept as they are: an address in one has two slashes too. */
function withoutComments(text: string): string {
  return text
    .replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, kept?: string) => kept ?? "")
    .replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, kept?: string) => kept ?? "");
}

function longHex(value: string): string {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(value);
  const long = short
    ? `#${short
        .slice(1)
        .map((digit) => digit.repeat(2))
        .join("")}`
    : value;
  return long.toLowerCase();
}

function toHex(parts: readonly number[]): string {
  const bytes = parts.map((part) => Math.round(Math.min(1, Math.max(0, part)) * 255));
  return `#${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

function compact(fields: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
