import type { Command } from "commander";
import type { Ask, AskAnswer } from "../../../shared/model/ask.ts";
import { EntryId } from "../../../shared/model/ids.ts";
import type { InboxItem } from "../../../shared/model/inbox.ts";
import { readChoice, writeQuestion } from "../../../shared/model/read-choice.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { CommandContext, RunCommand } from "../command-runner.ts";
import { readWholeNumber } from "../read-words.ts";
import { answer, done } from "../report.ts";
import { writeFields, writePlainly, writeTable } from "../write-table.ts";
import { sendMessage } from "./session-commands.ts";

export function addInboxCommands(program: Command, run: RunCommand): void {
  const inbox = program.command("inbox").description("everything that waits for you");

  inbox
    .command("list", { isDefault: true })
    .description("permissions, questions, plans, dialogs, failures and work to review")
    .action(() =>
      run("store", async ({ ask, inProject }) => {
        const items = await ask("inbox.list", await inProject());
        return answer(items, describeInbox(items));
      }),
    );

  inbox
    .command("show")
    .argument("<ask>")
    .description("all of what is asked: the whole command, the plan, the options")
    .action((id: string) =>
      run("store", async (context) => {
        const ask = await findOpenAsk(context, id);
        if (ask) return answer(ask, describeAsk(ask));
        throw new SwitchyardError("not-found", `No ask ${id} is open.`, "See: switchyard inbox");
      }),
    );

  inbox
    .command("allow")
    .argument("<ask>")
    .option("--remember", "and the same command in the same project from now on")
    .description("say yes: to a permission, a plan, a command at the gate, work to review")
    .action((id: string, own: { remember?: boolean }) =>
      run("app", (context) =>
        answerAsk(context, id, {
          kind: "allow",
          ...(own.remember ? { isRemembered: true } : {}),
        }),
      ),
    );

  inbox
    .command("deny")
    .argument("<ask>")
    .option("--note <text>", "what the worker is told; work to review goes back with it")
    .description("say no")
    .action((id: string, own: { note?: string }) =>
      run("app", (context) =>
        answerAsk(context, id, {
          kind: "deny",
          ...(own.note === undefined ? {} : { note: own.note }),
        }),
      ),
    );

  inbox
    .command("answer")
    .argument("<ask>")
    .argument("<choice...>", "a label, its number, or words of your own")
    .description(
      "answer a question; of several, with one choice each (2,3 for more) in their order",
    )
    .action((id: string, choices: string[]) =>
      run("app", async (context) => {
        const ask = await findOpenAsk(context, id);
        // One that is not open is refused by the core, which knows who answered it.
        const answers = ask ? toAnswers(ask, choices) : { "": choices };
        return answerAsk(context, id, { kind: "choose", answers });
      }),
    );

  inbox
    .command("reply")
    .argument("<session>")
    .argument("<text>")
    .description("tell a session something, as `session send` does")
    .action((session: string, text: string) =>
      run("app", (context) => sendMessage(context, session, text)),
    );

  addApprovalCommands(program, run);
}

function addApprovalCommands(program: Command, run: RunCommand): void {
  const approval = program
    .command("approval")
    .description("commands that you let by once and for all, and permission modes, for a while");

  approval
    .command("list")
    .description("every one, with the exact input it holds for")
    .action(() =>
      run("store", async ({ ask, inProject }) => {
        const approvals = await ask("approval.list", await inProject());
        const now = new Date().toISOString();
        const rows = approvals.map(({ id, project, task, tool, input, at, until }) => [
          String(id),
          task === null ? project : `${project} ${task}`,
          tool,
          input,
          at,
          until === null ? "never" : `${until}${until <= now ? " (is over)" : ""}`,
        ]);
        const head = ["approval", "for", "tool", "input", "since", "ends"];
        return answer(approvals, writeTable(head, rows, "No approvals."));
      }),
    );

  approval
    .command("remove")
    .argument("<approval>", "its number", readWholeNumber)
    .description("ask again from now on")
    .action((id: number) =>
      run("store", async ({ ask }) => {
        await ask("approval.remove", { approval: id });
        return done({ approval: id }, `Approval ${id} holds no more.`);
      }),
    );
}

async function answerAsk(context: CommandContext, id: string, given: AskAnswer) {
  if (EntryId.safeParse(id).success) return judgeEntry(context, EntryId.parse(id), given);
  const closed = await context.ask("ask.answer", { ask: id, answer: given });
  return done(closed, `${closed.id} is ${closed.state}: ${writePlainly(closed.summary)}`);
}

/** Work to review stands in the inbox as its queue entry: a yes lets it land, a no sends it back with what has to change. */
async function judgeEntry({ ask }: CommandContext, entry: EntryId, given: AskAnswer) {
  if (given.kind === "allow") {
    if (given.isRemembered)
      throw new SwitchyardError(
        "usage",
        `${entry} is work to review, and a yes to it holds for it alone.`,
        `Let it land with: switchyard inbox allow ${entry}`,
      );
    const { state } = await ask("queue.approve", { entry });
    return done({ entry, state }, `${entry} is approved.`);
  }
  const note = given.kind === "deny" ? given.note : undefined;
  if (note === undefined)
    throw new SwitchyardError(
      "usage",
      `${entry} is work to review; say what has to change.`,
      `See: switchyard inbox deny ${entry} --note TEXT`,
    );
  await ask("queue.return", { entry, note });
  return done({ entry, state: "returned" }, `${entry} is returned to its worker.`);
}

async function findOpenAsk({ ask }: CommandContext, id: string): Promise<Ask | undefined> {
  const items = await ask("inbox.list", {});
  return items.find((item) => item.ask?.id === id)?.ask ?? undefined;
}

/** All choices are for the one question, or there is one for each. */
function toAnswers(ask: Ask, choices: readonly string[]): Record<string, string[]> {
  const [only, ...others] = ask.questions;
  if (only && others.length === 0)
    return { [only.question]: choices.flatMap((choice) => readChoice(only, choice)) };
  if (choices.length !== ask.questions.length)
    throw new SwitchyardError(
      "usage",
      `${ask.id} asks ${ask.questions.length} questions; give one choice for each, in their order.`,
      `See: switchyard inbox show ${ask.id}`,
    );
  return Object.fromEntries(
    ask.questions.map((asked, index) => [asked.question, readChoice(asked, choices[index] ?? "")]),
  );
}

function describeInbox(items: readonly InboxItem[]): string {
  const rows = items.map((item) => [
    item.id,
    item.kind,
    item.since,
    item.session ?? "",
    item.task ?? "",
    item.title,
    item.ask?.why ? `${item.text} (${item.ask.why})` : item.text,
  ]);
  const head = ["id", "kind", "since", "session", "task", "title", "what"];
  return writeTable(head, rows, "Nothing waits for you.");
}

function describeAsk(ask: Ask): string {
  const fields = writeFields([
    ["ask", `${ask.id}  ${ask.kind}`],
    ["from", `${ask.session}${ask.task === null ? "" : ` for ${ask.task}`} on ${ask.profile}`],
    ["tool", ask.tool],
    ["since", ask.openedAt],
    ["why", ask.why],
  ]);
  const questions = ask.questions.map(writeQuestion);
  const whole = questions.length > 0 ? questions : [ask.detail];
  return [fields, ...whole.map(writePlainly)].join("\n\n");
}
