const ESCAPE = "\\u001b";
const BELL = "\\u0007";
const cursorAndColour = new RegExp(`${ESCAPE}\\[[0-9;:?]*[ -/]*[@-~]`, "g");
const titlesAndLinks = new RegExp(`${ESCAPE}\\][^${BELL}${ESCAPE}]*(?:${BELL}|${ESCAPE}\\\\)`, "g");
/** All control characters but tab and line feed. */
const controls = /\p{Cc}/gu;
/** Control characters, and what changes the direction of text or takes no room: all that makes text look like other text. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Output of a program as text that can be shown outside of a terminal. */
export function plainText(text: string): string {
  return text
    .replace(/\r\n/g, "\n")
    .replace(cursorAndColour, "")
    .replace(titlesAndLinks, "")
    .replace(controls, (letter) => (letter === "\t" || letter === "\n" ? letter : ""));
}

/** Text that a person decides on, with nothing in it unseen: a control character stands as its number, e.g. `‹U+202E›`. */
export function exactText(text: string): string {
  return text.replace(unseen, (letter) => {
    if (letter === "\t" || letter === "\n") return letter;
    const code = letter.codePointAt(0) ?? 0;
    return `‹U+${code.toString(16).toUpperCase().padStart(4, "0")}›`;
  });
}
