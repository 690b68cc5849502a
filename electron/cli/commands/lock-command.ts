import { type Command, InvalidArgumentError } from "commander";
import { BUILD_LOCK, LockName } from "../../../shared/model/build-lock.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { resolveHome } from "../../core/base/data-folder.ts";
import type { GlobalOptions, RunCommand } from "../command-runner.ts";
import { describeLocks } from "../describe-locks.ts";
import { readSeconds } from "../read-words.ts";
import { answer } from "../report.ts";
import { runLocked } from "../run-locked.ts";
import type { Surroundings } from "../surroundings.ts";

const MORE = `
Slots are shared by all workers, checks and people of one Switchyard. Checks of the merge queue go first, all else in the order in
which it came. CMD runs on this terminal, input and output; a signal for this program goes to it, and its slot is free when it
has ended. It ends with CMD's exit code, with 128 and the signal's number when a signal ended CMD, with 5 when --timeout ran out.

Where no Switchyard runs nobody counts slots: CMD then runs at once, and that is said on standard error. Who waits or runs while
Switchyard is started anew keeps the place or the slot; when it does not come back within 20 seconds, CMD runs without one.

How many slots there are: locks.<name>.slots in config.yaml; without it, build has one for every two cores, any other lock has one.
`;

interface LockOptions {
  readonly name: string;
  readonly timeout?: number;
  readonly list?: boolean;
}

export function addLockCommand(
  program: Command,
  parts: {
    readonly surroundings: Surroundings;
    readonly run: RunCommand;
    readonly exitWith: (exitCode: number) => void;
  },
): void {
  const { surroundings, run } = parts;
  program
    .command("lock")
    .argument("[command...]", "after --: the program and its words; no shell reads them")
    .option("--name <name>", "which lock", readName, BUILD_LOCK)
    .option(
      "--timeout <seconds>",
      "give up when no slot is free by then; default: never",
      readSeconds,
    )
    .option("--list", "who holds slots and who waits, and run nothing")
    .description("run a command when a build slot is free")
    .addHelpText("after", MORE)
    .action(async (command: readonly string[], own: LockOptions) => {
      if (own.list) return await list(run);
      if (command.length === 0)
        throw new SwitchyardError(
          "usage",
          "Say what to run: switchyard lock -- CMD.",
          "`switchyard lock --list` shows who holds slots.",
        );
      const { home, quiet = false } = program.opts<GlobalOptions>();
      const exitCode = await runLocked(surroundings, {
        home: resolveHome({ home, env: surroundings.env }),
        lock: own.name,
        command,
        timeoutMs: own.timeout === undefined ? null : own.timeout * 1000,
        isQuiet: quiet,
      });
      parts.exitWith(exitCode);
    });
}

function list(run: RunCommand): Promise<void> {
  return run("app", async ({ ask, cut }) => {
    const locks = await ask("lock.list", {});
    return answer(locks, describeLocks(locks, cut));
  });
}

function readName(word: string): string {
  const read = LockName.safeParse(word);
  if (read.success) return read.data;
  throw new InvalidArgumentError("A lock is named with small letters, digits and dashes.");
}
