import { expect, test } from "vitest";
import { readColourSchemes } from "./read-colour-scheme.ts";

const iTermColour = (key: string, red: number, green: number, blue: number) => `
  <key>${key}</key>
  <dict>
    <key>Alpha Component</key><real>1</real>
    <key>Blue Component</key><real>${blue}</real>
    <key>Color Space</key><string>sRGB</string>
    <key>Green Component</key><real>${green}</real>
    <key>Red Component</key><real>${red}</real>
  </dict>`;

function iTerm(leftOut = ""): string {
  const keys = [
    ...Array.from({ length: 16 }, (_, n) => `Ansi ${n} Color`),
    "Background Color",
    "Foreground Color",
    "Cursor Color",
  ].filter((key) => key !== leftOut);
  const colours = keys.map((key, n) => iTermColour(key, n / 20, 0.5, 1));
  return `<?xml version="1.0"?>\n<plist version="1.0"><dict>${colours.join("")}</dict></plist>`;
}

const scheme = {
  name: "Campbell",
  background: "#0C0C0C",
  foreground: "#CCC",
  cursorColor: "#FFFFFF",
  ...Object.fromEntries(
    "black red green yellow blue purple cyan white brightBlack brightRed brightGreen brightYellow brightBlue brightPurple brightCyan brightWhite"
      .split(" ")
      .map((name, n) => [name, `#0000${n.toString(16).padStart(2, "0")}`]),
  ),
};

function why(text: string): string {
  const reading = readColourSchemes(text, "mine");
  return reading.kind === "unreadable" ? reading.why : "read";
}

test("colours of iTerm2 are read with the name of their file", () => {
  const reading = readColourSchemes(iTerm(), "Solar");
  expect(reading).toMatchObject({
    kind: "read",
    schemes: [{ name: "Solar", background: "#cc80ff", cursor: "#e680ff" }],
  });
  if (reading.kind === "read")
    expect(reading.schemes[0]?.colours.slice(0, 2)).toEqual(["#0080ff", "#0d80ff"]);
});

test("a scheme of Windows Terminal is read alone, in a list and from its settings with their comments", () => {
  const settings = `// mine\n{"$schema": "https://aka.ms/x", "schemes": [${JSON.stringify(scheme)},], /* more */}`;
  for (const text of [JSON.stringify(scheme), JSON.stringify([scheme]), settings]) {
    expect(readColourSchemes(text, "x")).toMatchObject({
      kind: "read",
      schemes: [{ name: "Campbell", background: "#0c0c0c", foreground: "#cccccc" }],
    });
  }
});

test("what is no theme, or lacks a colour, is told with what it lacks", () => {
  expect(why("")).toMatch(/neither an .itermcolors file/);
  expect(why("{}")).toBe("there is no colour scheme in it");
  expect(why("null")).toBe("there is no colour scheme in it");
  expect(why(iTerm("Ansi 3 Color"))).toBe("colours 3 is missing or no colour");
  expect(why(iTerm("Background Color"))).toBe("background is missing or no colour");
  expect(why(JSON.stringify({ ...scheme, red: "url(x)" }))).toBe(
    "colours 1 is missing or no colour",
  );
});
