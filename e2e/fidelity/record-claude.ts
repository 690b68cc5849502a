import { ClaudeWorld } from "../../electron/core/provider/claude/claude-world.ts";

const TABLE = "| file | lines |\n| --- | --- |\n| `a.txt` | 3 |\n| `日本.txt` | 1 |\n";
const CODE = '```ts\nexport const answer = "…—👍";\n```\n';
const STEPS = [
  { think: "What is there, and what is asked for?" },
  { say: `First a look around.\n\n${TABLE}\n${CODE}\n- one\n- two **bold** and _italic_\n` },
  { write: { path: "a.txt", content: "one\ntwo\nthree\n" } },
  { bash: "git log --stat --oneline" },
  { read: "a.txt" },
  { edit: { path: "a.txt", old: "two", new: "2 — zwei" } },
  { bash: "git status --short" },
  {
    say: `${"A paragraph that is longer than its pane is wide, so that it wraps. ".repeat(12)}\n\nDone.`,
  },
] as const;

/** What the real Claude Code prints while it does a small piece of work, is typed to, and has its terminal's size changed. */
export async function recordClaude(): Promise<Uint8Array> {
  await using world = await ClaudeWorld.open();
  await using run = await world.launch(STEPS);
  await world.heard("turn-ended");
  run.pty.resize(90, 30);
  const typed = "half a thought";
  run.pty.write(typed);
  await world.until(() => (run.printed().includes("half") ? true : undefined));
  run.pty.resize(120, 40);
  await run.end();
  return Buffer.from(run.printed());
}
