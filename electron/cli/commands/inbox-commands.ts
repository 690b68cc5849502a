import type { Command } from "commander";
import type { Ask, AskAnswer, Question } from "../../../shared/model/ask.ts";
import { EntryId } from "../../../shared/model/ids.ts";
import type { InboxItem } from "../../../shared/model/inbox.ts";
import { isNumberOfNone, readChoice, writeQuestion } from "../../../shared/model/read-choice.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { CommandContext, RunCommand } from "../command-runner.ts";
import { readWholeNumber } from "../read-words.ts";
import { answer, done } from "../report.ts";
import { tellHalt } from "../tell-halt.ts";
import { writeFields, writePlainly, writeTable } from "../write-table.ts";
import { sendMessage } from "./session-commands.ts";

export function addInboxCommands(program: Command, run: RunCommand): void {
  const inbox = program.command("inbox").description("everything that waits for you");

  inbox
    .command("list", { isDefault: true })
    .description("permissions, questions, plans, dialogs, failures and work to review")
    .action(() =>
      run("store", async ({ ask, inProject, surroundings }) => {
        const items = await ask("inbox.list", await inProject());
        await tellHalt({ ask, surroundings });
        return answer(items, describeInbox(items));
      }),
    );

  inbox
    .command("show")
    .argument("<id>", "as the list names it")
    .description("one of them whole: the command, the plan, the options; or what it waits for")
    .action((id: string) =>
      run("store", async ({ ask }) => {
        const item = (await ask("inbox.list", {})).find((each) => each.id === id);
        if (item?.ask) return answer(item.ask, describeAsk(item.ask));
        if (item) return answer(item, describeItem(item));
        throw new SwitchyardError(
          "not-found",
          `Nothing waits for you under ${id}.`,
          "See: switchyard inbox",
        );
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
        if (!ask) return answerAsk(context, id, { kind: "choose", answers: { "": choices } });
        const answers = toAnswers(ask, choices);
        const input = { ask: id, answer: { kind: "choose" as const, answers } };
        const closed = await context.ask("ask.answer", input);
        return done(closed, describeSent(closed, answers));
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
    return { [only.question]: choices.flatMap((choice) => chooseOf(ask, only, choice)) };
  if (choices.length !== ask.questions.length)
    throw new SwitchyardError(
      "usage",
      `${ask.id} asks ${ask.questions.length} questions; give one choice for each, in their order.`,
      `See: switchyard inbox show ${ask.id}`,
    );
  return Object.fromEntries(
    ask.questions.map((asked, index) => [
      asked.question,
      chooseOf(ask, asked, choices[index] ?? ""),
    ]),
  );
}

/** A number too high is a slip: as words of one's own it would mean nothing to the worker. */
function chooseOf({ id }: Ask, asked: Question, choice: string): string[] {
  if (!isNumberOfNone(asked, choice)) return readChoice(asked, choice);
  const options = asked.options.map(({ label }, index) => `${index + 1} ${label}`).join(", ");
  const several = asked.isMultiple ? "" : " (one of them)";
  throw new SwitchyardError(
    "usage",
    writePlainly(`${choice} is no option of "${asked.question}": ${options}${several}.`),
    `See: switchyard inbox show ${id}`,
  );
}

function describeSent({ id, state }: Ask, answers: Readonly<Record<string, string[]>>): string {
  const sent = Object.entries(answers).map(
    ([question, words]) => `  ${question}  ${words.join(", ")}`,
  );
  return [`${id} is ${state}; its worker was told:`, ...sent.map(writePlainly)].join("\n");
}

function describeInbox(items: readonly InboxItem[]): string {
  const rows = items.map((item) => [
    item.id,
    item.kind,
    item.since,
    item.session ?? "",
    item.task ?? "",
    item.title,
    withWayOut(item),
  ]);
  const head = ["id", "kind", "since", "session", "task", "title", "what"];
  return writeTable(head, rows, "Nothing waits for you.");
}

function withWayOut(item: InboxItem): string {
  if (item.ask) return item.ask.why ? `${item.text} (${item.ask.why})` : item.text;
  const wayOut = wayOutOf(item);
  return wayOut === null ? item.text : `${item.text} (${wayOut})`;
}

/** The command that lets it go on; null where its text names one. */
function wayOutOf({ id, kind, text, task, session, entry }: InboxItem): string | null {
  if (text.includes("switchyard ")) return null;
  if (kind === "review") return `switchyard inbox allow ${id}, or deny ${id} --note TEXT`;
  if (entry !== null) return `switchyard queue show ${entry}`;
  if (id === task) return `switchyard task retry ${task}`;
  return session === null ? null : `switchyard session attach ${session}`;
}

function describeItem(item: InboxItem): string {
  const fields = writeFields([
    ["id", `${item.id}  ${item.kind}`],
    ["project", item.project],
    ["task", item.task],
    ["session", item.session],
    ["title", item.title],
    ["since", item.since],
    ["go on", wayOutOf(item)],
  ]);
  return [fields, writePlainly(item.text)].filter(Boolean).join("\n\n");
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
