import { type Command, InvalidArgumentError } from "commander";
import { isLive, type Session, SessionState } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { TaskStatus } from "../../../shared/model/task.ts";
import { attachTerminal } from "../attach-terminal.ts";
import type { CommandContext, RunCommand } from "../command-runner.ts";
import { describeSession, describeSessions } from "../describe-rows.ts";
import { type LogOptions, printLog } from "../print-log.ts";
import { answer, done } from "../report.ts";
import { addExportCommand, addOpenCommand, addTranscriptCommands } from "./search-command.ts";

const changes = [
  ["interrupt", "stop what it is doing; it stays and can be told something else"],
  ["restart", "end its process and go on with its conversation in a new session"],
] as const;

export function addSessionCommands(program: Command, run: RunCommand): void {
  const session = program.command("session").description("live and past workers");

  session
    .command("list")
    .option(
      "--label <label>",
      "only those that carry it; again for more, all of which must be there",
      collect,
      [],
    )
    .option("--state <state>", "only those in this state; again for more", collectState, [])
    .description("every session")
    .action((own: { label: string[]; state: string[] }) =>
      run("store", async ({ ask, inProject, cut }) => {
        const all = await ask("session.list", await inProject());
        const sessions = all.filter(
          ({ labels, state }) =>
            own.label.every((label) => labels.includes(label)) &&
            (own.state.length === 0 || own.state.includes(state)),
        );
        return answer(sessions, describeSessions(sessions, cut));
      }),
    );

  session
    .command("show")
    .argument("<session>")
    .description("one session, and what its state rests on")
    .action((id: string) =>
      run("store", async ({ ask }) => {
        const shown = await ask("session.show", { session: id });
        return answer(shown, describeSession(shown));
      }),
    );

  session
    .command("log")
    .argument("<session>")
    .option("--follow", "go on until the session ends")
    .option("--raw", "every byte, control sequences and all")
    .description("everything its terminal has shown")
    .action((id: string, own: LogOptions) => run("store", (context) => printLog(context, id, own)));

  addTranscriptCommands(session, run);
  addOpenCommand(session, run);
  addExportCommand(session, run);

  session
    .command("send")
    .argument("<session>")
    .argument("<text>")
    .description("tell it something; refused while it shows a dialog; an ended one goes on with it")
    .action((id: string, text: string) => run("app", (context) => sendMessage(context, id, text)));

  session
    .command("attach")
    .argument("<session>")
    .description("show its terminal in this one; Ctrl-] leaves")
    .action((id: string) =>
      run("app", async (context) => {
        await attachTerminal(context, id);
        return null;
      }),
    );

  session
    .command("stop")
    .argument("[session]")
    .option(
      "--all",
      "every session; ready tasks take their places (to stop all work: switchyard halt)",
    )
    .description("end its process; its work is kept")
    .action((id: string | undefined, own: { all?: boolean }) =>
      run("app", async (context) => {
        if (own.all) return stopAll(context);
        return reportChange(await context.ask("session.stop", { session: requireOne(id) }));
      }),
    );

  for (const [name, description] of changes) {
    session
      .command(name)
      .argument("<session>")
      .description(description)
      .action((id: string) =>
        run("app", async ({ ask }) => reportChange(await ask(`session.${name}`, { session: id }))),
      );
  }

  session
    .command("respawn")
    .argument("[session]")
    .option("--all", "every ended session whose task is not finished and has no other")
    .description("go on with an ended conversation in a new session")
    .action((id: string | undefined, own: { all?: boolean }) =>
      run("app", async (context) => {
        if (own.all) return respawnAll(context);
        return reportChange(await context.ask("session.respawn", { session: requireOne(id) }));
      }),
    );

  session
    .command("move")
    .argument("<session>")
    .requiredOption("--profile <name>", "where it goes on (required)")
    .description(
      "let the conversation of a session that waits for a limit go on at another profile; both must allow it: profile set --help",
    )
    .action((id: string, own: { profile: string }) =>
      run("app", async ({ ask }) => {
        const taker = await ask("session.move", { session: id, profile: own.profile });
        const text = `The conversation of ${id} goes on in ${taker.id} at ${taker.profile}; if ${taker.profile} does not answer, it goes back.`;
        return done(taker, text);
      }),
    );

  session
    .command("pin")
    .argument("<session>")
    .option("--off", "no longer")
    .description("keep it in front, and running however long it is idle")
    .action((id: string, own: { off?: boolean }) =>
      run("app", async ({ ask }) => {
        const isPinned = !own.off;
        return reportChange(await ask("session.pin", { session: id, isPinned }));
      }),
    );

  session
    .command("name")
    .argument("<session>")
    .argument("<name>")
    .description("give it a name")
    .action((id: string, name: string) =>
      run("app", async ({ ask }) => reportChange(await ask("session.name", { session: id, name }))),
    );

  session
    .command("label")
    .argument("<session>")
    .argument("[labels...]", "all that it is to carry; none takes them away")
    .description("label it")
    .action((id: string, labels: string[]) =>
      run("app", async ({ ask }) =>
        reportChange(await ask("session.label", { session: id, labels })),
      ),
    );
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function collectState(value: string, before: readonly string[]): readonly string[] {
  if (SessionState.safeParse(value).success) return [...before, value];
  throw new InvalidArgumentError(`Allowed choices are ${SessionState.options.join(", ")}.`);
}

function requireOne(id: string | undefined): string {
  if (id !== undefined) return id;
  throw new SwitchyardError("usage", "Name a session, or say --all.");
}

export async function sendMessage({ ask }: CommandContext, id: string, text: string) {
  const sent = await ask("session.send", { session: id, text });
  const where = sent.session === id ? "" : ` Its conversation goes on in ${sent.session}.`;
  return done(sent, `${sent.isDelivered ? "Delivered." : "Sent, but not confirmed."}${where}`);
}

function reportChange(session: Session) {
  return done(session, `${session.id} (${session.name}) is ${session.state}.`);
}

async function stopAll({ ask, inProject, cut }: CommandContext) {
  const all = await ask("session.list", await inProject());
  const live = all.filter(({ state }) => isLive(state));
  const stopped = await Promise.all(live.map(({ id }) => ask("session.stop", { session: id })));
  return done(stopped, describeSessions(stopped, cut));
}

/** In these nothing but a new session takes a task on; a cancelled one is not wanted any more. */
const UNFINISHED: readonly TaskStatus[] = ["ready", "parked", "needs-input", "failed"];

/** One after another: each start is a claim, and those that find no place now start by themselves later. */
async function respawnAll({ ask, inProject, cut }: CommandContext) {
  const where = await inProject();
  const [tasks, sessions] = [await ask("task.list", where), await ask("session.list", where)];
  const unfinished = tasks.filter(({ status }) => UNFINISHED.includes(status));
  const last = new Set(unfinished.map((task) => task.session));
  const ended = sessions.filter((session) => last.has(session.id) && !isLive(session.state));
  const started: Session[] = [];
  const waiting: string[] = [];
  for (const { id } of ended) {
    try {
      started.push(await ask("session.respawn", { session: id }));
    } catch (error) {
      if (!(error instanceof SwitchyardError) || error.code !== "cap-full") throw error;
      waiting.push(`${error.message} ${error.hint ?? ""}`.trim());
    }
  }
  return done(started, [describeSessions(started, cut), ...waiting].join("\n"));
}
