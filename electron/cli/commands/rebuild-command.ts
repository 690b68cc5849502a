import type { Command } from "commander";
import type { Rebuilt } from "../../../shared/model/rebuilt.ts";
import type { RunCommand } from "../command-runner.ts";
import { done } from "../report.ts";

/** `queue rebuild`. */
export function addRebuildCommand(queue: Command, run: RunCommand): void {
  queue
    .command("rebuild")
    .description(
      "where the store is lost: take over what landed from the target's history, and what waited from the commits that were kept",
    )
    .action(() =>
      run("app", async ({ ask, project }) => {
        const rebuilt = await ask("queue.rebuild", { project });
        return done(rebuilt, describeRebuilt(rebuilt));
      }),
    );
}

function describeRebuilt({ landed, skipped, waiting, kept }: Rebuilt): string {
  const lines: string[] = [];
  if (landed.length > 0) lines.push(`Landed, and known again: ${landed.join(", ")}.`);
  if (waiting.length > 0)
    lines.push(
      `Queued and not landed: ${waiting.join(", ")}. Go on with it: switchyard task retry ${waiting[0]}`,
    );
  if (skipped > 0)
    lines.push(`${skipped} more landed under a number that is something else's here by now.`);
  if (kept.length > 0)
    lines.push(
      "Kept commits of which no branch tells the task (git branch NAME REF brings one back):",
      ...kept.map((ref) => `  ${ref}`),
    );
  return lines.length > 0 ? lines.join("\n") : "The store knows all that landed here.";
}
