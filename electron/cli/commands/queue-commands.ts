import type { Command } from "commander";
import { writeChange } from "../../../shared/model/change-summary.ts";
import { describeLeftPull } from "../../../shared/model/describe-pull.ts";
import { describePush } from "../../../shared/model/describe-push.ts";
import type { LineComment } from "../../../shared/model/line-comment.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { RunCommand } from "../command-runner.ts";
import { describeEntries, describeEntry, describePulls } from "../describe-queue.ts";
import { readComment, readPlace } from "../read-words.ts";
import { answer, done, verdict } from "../report.ts";
import { writePlainly } from "../write-table.ts";
import { addForecastCommand } from "./forecast-command.ts";
import { addFreezeCommands } from "./freeze-commands.ts";
import { addRebuildCommand } from "./rebuild-command.ts";
import { addResolveCommand } from "./resolve-command.ts";
import { addTakeBackCommands } from "./take-back-commands.ts";
import { addTestsCommand } from "./tests-command.ts";

const changes = [
  ["approve", "let it land"],
  ["hold", "keep it in its place without landing it"],
  ["release", "end a hold"],
  [
    "retry",
    "prepare and check it again; what was returned or removed is queued again, as a new entry",
  ],
  ["remove", "take it out of the queue; the branch stays"],
] as const;

interface ReturnOptions {
  readonly note?: string;
  readonly comment?: readonly LineComment[];
}

export function addQueueCommands(program: Command, run: RunCommand): void {
  const queue = program.command("queue").description("branches on their way to the target");

  queue
    .command("list")
    .option("--all", "also those that have left the queue")
    .description("what lands next, in order")
    .action((own: { all?: boolean }) =>
      run("store", async ({ ask, inProject, cut }) => {
        const isWithClosed = own.all ?? false;
        const { project } = await inProject();
        const where = project === undefined ? {} : { project };
        const entries = await ask("queue.list", { ...where, isWithClosed });
        const projects =
          project === undefined
            ? await ask("project.list", {})
            : [await ask("project.show", { project })];
        return answer(entries, describeEntries(entries, projects, cut));
      }),
    );

  queue
    .command("show")
    .argument("<entry>")
    .option("--change", "also its commits, files and lines, as git tells")
    .description("one entry")
    .action((id: string, own: { readonly change?: boolean }) =>
      run("store", async ({ ask }) => {
        const shown = await ask("queue.show", { entry: id });
        if (own.change) {
          const change = await ask("queue.change", { entry: id });
          const told = `${describeEntry(shown)}\n\n${writePlainly(writeChange(change))}`;
          return answer({ ...shown, change }, told);
        }
        return answer(shown, describeEntry(shown));
      }),
    );

  addTakeBackCommands(queue, run);

  addResolveCommand(queue, run);
  addRebuildCommand(queue, run);

  addForecastCommand(queue, run);

  addTestsCommand(queue, run);

  addFreezeCommands(queue, run);

  for (const [name, description] of changes) {
    queue
      .command(name)
      .argument("<entry>")
      .description(description)
      .action((id: string) =>
        run("app", async ({ ask }) => reportChange(await ask(`queue.${name}`, { entry: id }))),
      );
  }

  queue
    .command("return")
    .argument("<entry>")
    .argument("[note]", "what the worker is told")
    .option("--note <text>", "the same")
    .option(
      "--comment <file:line:text>",
      "on one line of its diff, numbered as in the branch; can be given more than once",
      readComment,
    )
    .description("send it back to its worker, with all of that as one message")
    .action((id: string, word: string | undefined, own: ReturnOptions) =>
      run("app", async ({ ask }) => {
        const note = [word, own.note].filter((text) => text !== undefined).join("\n\n");
        if (note.trim() === "" && !own.comment)
          throw new SwitchyardError(
            "usage",
            `${id} cannot go back without a word on what has to change.`,
            "Add --note TEXT, or --comment FILE:LINE:TEXT.",
          );
        const comments = own.comment ? { comments: [...own.comment] } : {};
        return reportChange(await ask("queue.return", { entry: id, note, ...comments }));
      }),
    );

  queue
    .command("move")
    .argument("<entry>")
    .argument("<position>", "1 for the next to land", readPlace)
    .description("change its place")
    .action((id: string, position: number) =>
      run("app", async ({ ask }) => reportChange(await ask("queue.move", { entry: id, position }))),
    );

  queue
    .command("push")
    .description(
      "push now what has landed to the remote that queue.push of config.yaml names, or ask after pull requests",
    )
    .action(() =>
      run("app", async ({ ask, project }) => {
        const changed = await ask("queue.push", { project });
        const { push } = changed.queue;
        const open = await ask("queue.list", { project, isWithClosed: false });
        const isStuck = push?.problem || open.some(({ pullRequest }) => pullRequest?.problem);
        const told = describePulls(open);
        if (push || told.length === 0) told.unshift(describePush(push));
        return verdict(changed, told.join("\n"), !isStuck);
      }),
    );

  for (const name of ["pause", "resume"] as const) {
    queue
      .command(name)
      .description(name === "pause" ? "land nothing until it is resumed" : "go on landing")
      .action(() =>
        run("app", async ({ ask, project }) => {
          const changed = await ask(`queue.${name}`, { project });
          return done(changed, `The queue of ${changed.name} is ${changed.queue.state}.`);
        }),
      );
  }
}

function reportChange(entry: QueueEntry) {
  const left = entry.state === "proposed" ? null : describeLeftPull(entry);
  return done(
    entry,
    [`${entry.id} (${entry.task}) is ${entry.state}.`, ...(left ? [left] : [])].join("\n"),
  );
}
