import type { Command } from "commander";
import { isLive, type Session } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { isOver } from "../../../shared/model/task.ts";
import { attachTerminal } from "../attach-terminal.ts";
import type { CommandContext, RunCommand } from "../command-runner.ts";
import { describeSession, describeSessions } from "../describe-rows.ts";
import { type LogOptions, printLog } from "../print-log.ts";
import { answer, done } from "../report.ts";

const changes = [
  ["interrupt", "stop what it is doing; it stays and can be told something else"],
  ["stop", "end its process; its work is kept"],
] as const;

export function addSessionCommands(program: Command, run: RunCommand): void {
  const session = program.command("session").description("live and past workers");

  session
    .command("list")
    .description("every session")
    .action(() =>
      run("store", async ({ ask, inProject }) => {
        const sessions = await ask("session.list", await inProject());
        return answer(sessions, describeSessions(sessions));
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

  session
    .command("send")
    .argument("<session>")
    .argument("<text>")
    .description("tell it something; refused while it shows a dialog")
    .action((id: string, text: string) =>
      run("app", async ({ ask }) => {
        const sent = await ask("session.send", { session: id, text });
        return done(sent, sent.isDelivered ? "Delivered." : "Sent, but not confirmed.");
      }),
    );

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
    .option("--all", "every session whose task waits for it")
    .description("go on with an ended conversation in a new session")
    .action((id: string | undefined, own: { all?: boolean }) =>
      run("app", async (context) => {
        if (own.all) return respawnAll(context);
        if (id === undefined) throw new SwitchyardError("usage", "Name a session, or say --all.");
        return reportChange(await context.ask("session.respawn", { session: id }));
      }),
    );

  session
    .command("pin")
    .argument("<session>")
    .option("--off", "no longer")
    .description("keep it in front")
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
}

function reportChange(session: Session) {
  return done(session, `${session.id} (${session.name}) is ${session.state}.`);
}

/** Tasks that are not over and whose last session has ended: nothing but a person would start them again now. */
async function respawnAll({ ask, inProject }: CommandContext) {
  const where = await inProject();
  const [tasks, sessions] = [await ask("task.list", where), await ask("session.list", where)];
  const waiting = new Set(tasks.filter((task) => !isOver(task.status)).map((task) => task.session));
  const ended = sessions.filter((session) => waiting.has(session.id) && !isLive(session.state));
  const started: Session[] = [];
  for (const { id } of ended) started.push(await ask("session.respawn", { session: id }));
  return done(started, describeSessions(started));
}
