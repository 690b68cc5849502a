import type { AppContract } from "../../shared/contract/app-contract.ts";
import type { CallName, Input, Output } from "../../shared/contract/rpc.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { resolveHome } from "../core/base/data-folder.ts";
import { readProjectRef } from "./read-words.ts";
import type { Report } from "./report.ts";
import type { Need, OpenCore, Surroundings } from "./surroundings.ts";
import { type Cut, cutCell } from "./write-table.ts";

/** Options that every command takes. */
export interface GlobalOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly home?: string;
  readonly project?: string;
}

type Ask = <N extends CallName<AppContract>>(
  name: N,
  input: Input<AppContract, N>,
) => Promise<Output<AppContract, N>>;

/** What a command works with while it runs. */
export interface CommandContext {
  readonly ask: Ask;
  readonly core: OpenCore;
  readonly surroundings: Surroundings;
  readonly isJson: boolean;
  /** For cells that may hold a whole sentence: nothing is cut where a program reads. */
  readonly cut: Cut;
  /** The project that was named, else the one around the current folder, for commands that cannot do without. */
  readonly project: string;
  /** As an input of lists: what was named, else the project around the current folder, else all of them. */
  readonly inProject: () => Promise<{ readonly project?: string }>;
}

/** Runs the body of a command against a core, prints what it reports, and ends what it opened. */
export type RunCommand = (
  need: Need,
  body: (context: CommandContext) => Promise<Report | null>,
) => Promise<void>;

export function createRunner(
  surroundings: Surroundings,
  options: () => GlobalOptions,
  setExitCode: (code: number) => void,
): RunCommand {
  return async (need, body) => {
    const { json: isJson = false, quiet: isQuiet = false, project } = options();
    const home = resolveHome({ home: options().home, env: surroundings.env });
    await using core = await surroundings.openCore(home, need);
    const ask: Ask = (name, input) => core.client.call(name, input);
    const report = await body({
      ask,
      core,
      surroundings,
      isJson,
      cut: surroundings.isScreen ? cutCell : (cell) => cell,
      project: chooseProject(surroundings, project),
      inProject: () => narrowToProject(ask, surroundings, project),
    });
    if (!report) return;
    setExitCode(report.exitCode ?? 0);
    if (isJson) await surroundings.print(`${JSON.stringify(report.document)}\n`);
    else if (report.isAnswer || !isQuiet) await surroundings.print(`${report.text}\n`);
  };
}

/** Inside a worker's session, its own project; its worktree lies outside of the person's checkout. */
function chooseProject({ cwd, env }: Surroundings, named: string | undefined): string {
  return named === undefined ? env.SWITCHYARD_PROJECT || cwd : readProjectRef(named, cwd);
}

async function narrowToProject(
  ask: Ask,
  surroundings: Surroundings,
  named: string | undefined,
): Promise<{ readonly project?: string }> {
  const project = chooseProject(surroundings, named);
  if (named !== undefined) return { project };
  try {
    return { project: (await ask("project.show", { project })).name };
  } catch (error) {
    if (error instanceof SwitchyardError && error.code === "not-found") return {};
    throw error;
  }
}
