import { Command, CommanderError } from "commander";
import { exitCodeOf, SwitchyardError, toErrorShape } from "../../shared/model/switchyard-error.ts";
import { VERSION } from "../core/base/version.ts";
import { createRunner, type GlobalOptions } from "./command-runner.ts";
import { addAppCommands } from "./commands/app-commands.ts";
import { addEventsCommand } from "./commands/events-command.ts";
import { addFleetCommands } from "./commands/fleet-commands.ts";
import { addInboxCommands } from "./commands/inbox-commands.ts";
import { addLockCommand } from "./commands/lock-command.ts";
import { addPlanCommands } from "./commands/plan-commands.ts";
import { addProfileCommands } from "./commands/profile-commands.ts";
import { addProjectCommands } from "./commands/project-commands.ts";
import { addQueueCommands } from "./commands/queue-commands.ts";
import { addSearchCommand } from "./commands/search-command.ts";
import { addServeCommand } from "./commands/serve-command.ts";
import { addSessionCommands } from "./commands/session-commands.ts";
import { addTaskCommands } from "./commands/task-commands.ts";
import { addUsageCommands } from "./commands/usage-commands.ts";
import { addWaitCommand } from "./commands/wait-command.ts";
import { addWorktreeCommands } from "./commands/worktree-commands.ts";
import type { Surroundings } from "./surroundings.ts";
import { writePlainly } from "./write-table.ts";

/** Runs one command. Answers with the exit code; what went wrong has been told by then. */
export async function runCli(args: readonly string[], surroundings: Surroundings): Promise<number> {
  // Words behind the dashes are another program's.
  const dashes = args.indexOf("--");
  const isJson = (dashes < 0 ? args : args.slice(0, dashes)).includes("--json");
  let exitCode = 0;
  let usage = "";
  const help: string[] = [];
  const program = new Command("switchyard")
    .description("Many Claude Code workers over your subscriptions, landed through a merge queue.")
    .version(VERSION)
    .option(
      "--json",
      'one JSON document on standard output; errors as {"error":…} on standard error',
    )
    .option("--home <dir>", "the data folder (also SWITCHYARD_HOME)")
    .option("--project <name>", "a project by name or path; default: the one around this folder")
    .option("--quiet", "say nothing that only confirms")
    .showHelpAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void help.push(text),
      // The sentence is told below, in the form that was asked for; what comes here is the usage.
      writeErr: (text) => {
        usage += text;
      },
      outputError: () => {},
    });

  const setExitCode = (code: number) => {
    exitCode = code;
  };
  const run = createRunner(surroundings, () => program.opts<GlobalOptions>(), setExitCode);
  addServeCommand(program, surroundings, setExitCode);
  addAppCommands(program, run);
  addProjectCommands(program, run);
  addProfileCommands(program, run);
  addUsageCommands(program, run);
  addPlanCommands(program, run);
  addTaskCommands(program, run);
  addSessionCommands(program, run);
  addSearchCommand(program, run);
  addFleetCommands(program, run);
  addInboxCommands(program, run);
  addQueueCommands(program, run);
  addLockCommand(program, { surroundings, run, exitWith: setExitCode });
  addWorktreeCommands(program, run);
  addWaitCommand(program, run);
  addEventsCommand(program, run);

  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) {
        await surroundings.print(help.join(""));
        return 0;
      }
      // Whoever named no command is shown all of them; a mistake would be lost above that much text.
      const isHelp = error.code === "commander.help";
      const line = /^Usage: .*/m.exec(usage)?.[0] ?? "";
      return complain(toUsageError(error, line), surroundings, isJson, isHelp ? usage : line);
    }
    return complain(error, surroundings, isJson, "");
  }
}

/** `line` is the usage line of the command that was meant. */
function toUsageError(error: CommanderError, line: string): SwitchyardError {
  const isHelp = error.code === "commander.help";
  const sentence = error.message.replace(/^error: /, "").replace(/\n.*/s, "");
  return new SwitchyardError(
    "usage",
    isHelp
      ? "A command is missing."
      : `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`.replace(/[.]+$/, "."),
    isHelp
      ? "`switchyard --help` lists the commands."
      : `\`${/^Usage: ([\w -]*\w)/.exec(line)?.[1] ?? "switchyard"} --help\` tells more.`,
    error,
  );
}

function complain(
  error: unknown,
  surroundings: Surroundings,
  isJson: boolean,
  usage: string,
): number {
  const shape = toErrorShape(error);
  if (isJson) {
    surroundings.complain(`${JSON.stringify({ error: shape })}\n`);
  } else {
    const sentence = shape.hint === null ? shape.message : `${shape.message}\n${shape.hint}`;
    // Titles and paths of a repository are among what an error names.
    const plain = writePlainly(sentence);
    surroundings.complain(usage === "" ? `${plain}\n` : `${plain}\n\n${usage.trim()}\n`);
  }
  return exitCodeOf(shape.code);
}
