const ESC = "\u001b";
const dim = (text: string) => `${ESC}[2m${text}${ESC}[22m`;
const bold = (text: string) => `${ESC}[1m${text}${ESC}[22m`;
const colour = (code: string, text: string) => `${ESC}[38;5;${code}m${text}${ESC}[39m`;
const orange = (text: string) => `${ESC}[38;2;215;119;87m${text}${ESC}[39m`;
const green = (text: string) => colour("114", text);
const dot = green("●");

/** Lines as a worker prints them, in the order it prints them; invented, with the look of a Claude Code screen. */
const STEPS: readonly (readonly string[])[] = [
  [`${dot} I'll look at how sign-in works first.`],
  [`${dot} ${bold("Read")}(src/login/form.ts)`, `  ⎿  Read ${bold("84")} lines`],
  [`${dot} ${bold("Search")}(pattern: "rateLimit", path: "src")`, `  ⎿  Found ${bold("3")} files`],
  [
    `${dot} ${bold("Update")}(src/login/attempts.ts)`,
    `  ⎿  Updated with ${bold("4")} additions and ${bold("1")} removal`,
    `     ${dim("12")}    export async function countAttempt(address: string) {`,
    `     ${dim("13")} ${ESC}[48;5;52m-    return store.incr(address);${ESC}[49m`,
    `     ${dim("13")} ${ESC}[48;5;22m+    const key = \`attempts:\${address}\`;${ESC}[49m`,
    `     ${dim("14")} ${ESC}[48;5;22m+    const tries = await store.incr(key);${ESC}[49m`,
    `     ${dim("15")} ${ESC}[48;5;22m+    if (tries === 1) await store.expire(key, 60);${ESC}[49m`,
  ],
  [
    `${dot} ${bold("Bash")}(npm test -- login)`,
    `  ⎿  ${green("✓")} src/login/attempts.test.ts ${dim("(6 tests) 41ms")}`,
    `     ${green("✓")} src/login/form.test.ts ${dim("(11 tests) 87ms")}`,
    `     ${dim("… +4 lines (ctrl+o to expand)")}`,
  ],
  [
    `${dot} The counter works. Next the answer: 429 with Retry-After, as the`,
    "  task asks, see https://example.org/rfc6585 for the wording.",
  ],
  [
    `${dot} ${bold("Write")}(src/login/too-many.ts)`,
    `  ⎿  Wrote ${bold("27")} lines to ${bold("src/login/too-many.ts")}`,
  ],
];
const SPINNER = ["✢", "✳", "✶", "✻", "✽"];
const WORDS = ["Thinking", "Weighing", "Reading", "Shaping", "Checking"];

/** The screen of one invented worker after `step` steps, for a terminal of `cols` columns. */
export function inventScreen(title: string, step: number, cols: number, isBusy: boolean): string {
  const shown = Array.from(
    { length: Math.min(step, 40) },
    (_, index) => STEPS[index % STEPS.length] ?? [],
  );
  const lines = [
    "",
    `${orange(" ▐▛███▜▌")}   ${bold("Claude Code")} ${dim("v2.1.329")}`,
    `${orange("▝▜█████▛▘")}  ${dim("Claude Max · ~/worktrees/shop")}`,
    `${orange("  ▘▘ ▝▝")}`,
    "",
    `${ESC}[48;5;237m${colour("253", ` > ${title} `)}${ESC}[49m`,
    "",
    ...shown.flatMap((lines) => [...lines, ""]),
  ];
  return `${lines.join("\r\n")}\r\n${inventPrompt(step, cols, isBusy)}`;
}

/** What stands below the output and is drawn again at each step. */
export function inventPrompt(step: number, cols: number, isBusy: boolean): string {
  const rule = dim("─".repeat(cols));
  const spinner = SPINNER[step % SPINNER.length];
  const word = WORDS[step % WORDS.length];
  const status = isBusy
    ? `${orange(`${spinner} ${word}…`)} ${dim(`(${step * 3}s · ↑ ${(step * 0.3).toFixed(1)}k tokens · esc to interrupt)`)}`
    : "";
  return [
    status,
    "",
    rule,
    "> ",
    rule,
    `  ${colour("141", "⏵⏵ accept edits on")} ${dim("(shift+tab to cycle)")}`,
  ].join("\r\n");
}

/** One step more, on top of what `inventPrompt` left: up to its first line, clear, print. */
export function inventNext(step: number, cols: number, isBusy: boolean): string {
  const added =
    step % 3 === 0 ? [...(STEPS[(step / 3) % STEPS.length] ?? []), ""].join("\r\n") : "";
  const above = `\r${ESC}[5A${ESC}[J`;
  return `${above}${added === "" ? "" : `${added}\r\n`}${inventPrompt(step, cols, isBusy)}`;
}
