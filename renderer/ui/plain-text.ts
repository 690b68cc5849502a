const ESCAPE = "\\u001b";
const BELL = "\\u0007";
const cursorAndColour = new RegExp(`${ESCAPE}\\[[0-9;:?]*[ -/]*[@-~]`, "g");
const titlesAndLinks = new RegExp(`${ESCAPE}\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)`, "g");
/** All control characters but tab and line feed. */
const controls = /\p{Cc}/gu;

/** Output of a program as text that can be shown outside of a terminal. */
export function plainText(text: string): string {
  return text
    .replace(/\r\n/g, "\n")
    .replace(cursorAndColour, "")
    .replace(titlesAndLinks, "")
    .replace(controls, (letter) => (letter === "\t" || letter === "\n" ? letter : ""));
}
