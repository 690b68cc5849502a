const LETTERS = ["400 12px InterVariable", '400 12px "SF Mono"', '700 12px "SF Mono"'];

/** The bundled letters instead of the system's; there before anything measures them. */
export async function loadLetters() {
  await import("./letters.css");
  await Promise.all(LETTERS.map((font) => document.fonts.load(font)));
}
