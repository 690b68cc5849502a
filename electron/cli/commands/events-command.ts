import { type Command, Option } from "commander";
import type { Event } from "../../../shared/model/event.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { CommandContext, RunCommand } from "../command-runner.ts";
import { describeEvents } from "../describe-rows.ts";
import { readWholeNumber } from "../read-words.ts";
import { answer } from "../report.ts";

const PAGE = 1000;

interface EventsOptions {
  readonly since: number;
  readonly follow?: boolean;
  readonly task?: string;
  readonly session?: string;
}

export function addEventsCommand(program: Command, run: RunCommand): void {
  program
    .command("events")
    .option("--since <seq>", "only those after this number", readWholeNumber, 0)
    .option("--follow", "go on with what happens; with --json one document a line")
    .addOption(new Option("--task <task>", "only this task's").conflicts("session"))
    .option("--session <session>", "only this session's")
    .description("what has happened, oldest first")
    .action((own: EventsOptions) =>
      run(own.follow ? "app" : "store", async (context) => {
        const subject = own.task ?? own.session;
        if (own.follow) return followEvents(context, own.since, subject);
        const events = await readEvents(context, own.since, subject);
        return answer(events, describeEvents(events));
      }),
    );
}

async function readEvents(
  { ask }: CommandContext,
  since: number,
  subject: string | undefined,
): Promise<readonly Event[]> {
  const all: Event[] = [];
  for (let from = since; ; ) {
    const where = subject === undefined ? {} : { subject };
    const page = await ask("app.events", { since: from, limit: PAGE, ...where });
    all.push(...page);
    const last = page.at(-1);
    if (!last || page.length < PAGE) return all;
    from = last.seq;
  }
}

/** Ends only with the connection, which is an error, or with the person's Ctrl-C. */
async function followEvents(
  context: CommandContext,
  since: number,
  subject: string | undefined,
): Promise<never> {
  const { client } = context.core;
  let seen = since;
  let printing = Promise.resolve();
  const print = (events: readonly Event[]) => {
    for (const event of events) {
      if (event.seq <= seen || (subject !== undefined && event.subject !== subject)) continue;
      seen = event.seq;
      printing = printing.then(() => printEvent(context, event));
    }
  };
  // Listening begins before the past is read, so that nothing falls between; what came twice is known by its number.
  const early: Event[] = [];
  let take = (events: readonly Event[]): void => {
    early.push(...events);
  };
  client.on("changed", ({ events }) => take(events));
  await context.ask("app.watch", {});
  print(await readEvents(context, since, subject));
  print(early);
  take = print;
  await new Promise<void>((resolve) => client.onClose(resolve));
  await printing;
  throw new SwitchyardError("needs-app", "Switchyard has ended, and its events with it.");
}

function printEvent({ surroundings, isJson }: CommandContext, event: Event): Promise<void> {
  const line = isJson
    ? JSON.stringify(event)
    : `${event.seq}  ${event.at}  ${event.kind}  ${event.subject}  ${JSON.stringify(event.data)}`;
  return surroundings.print(`${line}\n`);
}
