/** A scheme of Windows Terminal. */
export function inventedTheme() {
  const names =
    "black red green yellow blue purple cyan white brightBlack brightRed brightGreen brightYellow brightBlue brightPurple brightCyan brightWhite";
  const colours =
    "132330 e0707a 7fc08a d9b46a 6fa3d8 b48ad0 6cc0c4 c8d4dc 4a6172 f08a92 9ad6a4 eecb86 8fbdec cba6e6 8bdade f2f7fa";
  const hex = colours.split(" ").map((digits) => `#${digits}`);
  const scheme = Object.fromEntries(names.split(" ").map((name, n) => [name, hex[n]]));
  const whole = { name: "Harbour", background: "#0e1a24", foreground: "#d5e0e8", ...scheme };
  return {
    name: "harbour.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(whole)),
  };
}
