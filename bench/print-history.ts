// Run by the sessions of first-view: tells the first hook and prints what a session has on its screen after a while.
import { readFileSync } from "node:fs";
import { z } from "zod";
import { writeBuildLog } from "./terminal-content.ts";

const LINE_BYTES = 60;

const Settings = z.object({
  hooks: z.object({
    UserPromptSubmit: z.array(z.object({ hooks: z.array(z.object({ url: z.string() })) })),
  }),
});

const settingsFile = process.argv[process.argv.indexOf("--settings") + 1] ?? "";
const { hooks } = Settings.parse(JSON.parse(readFileSync(settingsFile, "utf8")));
process.stdout.write(writeBuildLog(Number(process.env.BENCH_LINES) * LINE_BYTES));
await fetch(hooks.UserPromptSubmit[0]?.hooks[0]?.url ?? "", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ hook_event_name: "SessionStart", source: "startup" }),
});
