import path from "node:path";
import { type Command, Option } from "commander";
import type { Check } from "../../../shared/model/check.ts";
import type { ProjectMove } from "../../../shared/model/moved-places.ts";
import { UnaskedMode } from "../../../shared/model/permission-mode.ts";
import type {
  ApprovePolicy,
  LandPolicy,
  Project,
  Strategy,
} from "../../../shared/model/project.ts";
import { noChecksReason } from "../../../shared/model/queue-pause.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { CommandContext, RunCommand } from "../command-runner.ts";
import { describeHours } from "../describe-hours.ts";
import { describeProject, describeProjects, describeSettings } from "../describe-rows.ts";
import {
  landPolicies,
  readAcceptedMs,
  readCheck,
  readProjectRef,
  readWholeNumber,
} from "../read-words.ts";
import { answer, done } from "../report.ts";
import { addChangesCommands } from "./changes-commands.ts";

interface ProjectOptions {
  readonly target?: string;
  /** False from `--no-checks`. */
  readonly checks: boolean;
  readonly check?: readonly Check[];
  readonly land?: LandPolicy;
  readonly approve?: ApprovePolicy;
  readonly strategy?: Strategy;
  readonly maxWorkers?: number;
}

interface ModeOptions {
  readonly acceptMode?: UnaskedMode;
  readonly refuseMode?: UnaskedMode;
  /** How long, in milliseconds. */
  readonly for?: number;
}

export function addProjectCommands(program: Command, run: RunCommand): void {
  const project = program.command("project").description("the repositories Switchyard works on");

  withSettings(project.command("add").argument("<path>", "a git repository"))
    .option("--name <name>", "default: the folder's name")
    .description("take a repository in")
    .action((folder: string, own: ProjectOptions & { name?: string }) =>
      run("store", async ({ ask, surroundings }) => {
        const added = await ask("project.add", {
          path: path.resolve(surroundings.cwd, folder),
          ...(own.name === undefined ? {} : { name: own.name }),
          ...toSettings(own),
        });
        return done(added, describeAdded(added));
      }),
    );

  project
    .command("list")
    .description("every project")
    .action(() =>
      run("store", async ({ ask, cut }) => {
        const projects = await ask("project.list", {});
        return answer(projects, describeProjects(projects, cut));
      }),
    );

  project
    .command("show")
    .argument("[project]", "name or path; default: the one around this folder")
    .description("one project and its settings")
    .action((word: string | undefined) =>
      run("store", async (context) => {
        const shown = await context.ask("project.show", { project: choose(word, context) });
        const { settingsProblems } = await context.ask("app.status", { project: shown.name });
        const own = settingsProblems.filter((text) => text.startsWith(shown.path + path.sep));
        return answer(shown, [describeProject(shown), ...describeSettings(own)].join("\n\n"));
      }),
    );

  project
    .command("hours")
    .argument("[project]", "name or path; default: the one around this folder")
    .description("how many of its workers may run when, in the week that begins today")
    .action((word: string | undefined) =>
      run("store", async (context) => {
        const week = await context.ask("project.hours", { project: choose(word, context) });
        return answer(week, describeHours(week));
      }),
    );

  withSettings(project.command("set").argument("[project]", "name or path"))
    .description("change a project's settings")
    .addOption(
      new Option(
        "--accept-mode <mode>",
        "let its workers run in a permission mode in which they ask nothing",
      ).choices(UnaskedMode.options),
    )
    .option("--for <time>", "… for so long: 30m, 8h (the default), at most 7d", readAcceptedMs)
    .addOption(new Option("--refuse-mode <mode>", "… and no longer").choices(UnaskedMode.options))
    .action((word: string | undefined, own: ProjectOptions & ModeOptions) =>
      run("store", async (context) => {
        const input = { project: choose(word, context), ...toSettings(own) };
        const told = await settleModes(context, input.project, own);
        const changed = await context.ask("project.set", input);
        return done(changed, [describeProject(changed), ...told].join("\n\n"));
      }),
    );

  project
    .command("move")
    .argument("<project>", "its name")
    .argument("<path>", "where its repository lies now")
    .option("--yes", "do it; without, only what would change is shown")
    .description("follow a repository that was moved; nothing in it is touched")
    .action((word: string, folder: string, own: { yes?: boolean }) =>
      run("store", async ({ ask, surroundings }) => {
        const place = path.resolve(surroundings.cwd, folder);
        const input = { project: word, path: place, isPreview: own.yes !== true };
        const move = await ask("project.move", input);
        return done(move, describeMove(word, move));
      }),
    );

  project
    .command("remove")
    .argument("[project]", "name or path")
    .description("forget a project; the repository stays as it is")
    .action((word: string | undefined) =>
      run("store", async (context) => {
        const { name } = await context.ask("project.show", { project: choose(word, context) });
        await context.ask("project.remove", { project: name });
        return done({ removed: name }, `Removed ${name}. Its repository is untouched.`);
      }),
    );
  addChangesCommands(project, run);
}

async function settleModes(
  { ask }: CommandContext,
  project: string,
  { acceptMode, refuseMode, for: acceptedMs }: ModeOptions,
): Promise<readonly string[]> {
  if (acceptedMs !== undefined && acceptMode === undefined)
    throw new SwitchyardError("usage", "--for says how long --accept-mode holds; give both.");
  if (acceptMode !== undefined && acceptMode === refuseMode)
    throw new SwitchyardError(
      "usage",
      `${acceptMode} cannot be both accepted and refused.`,
      "Give --accept-mode or --refuse-mode.",
    );
  const told: string[] = [];
  if (acceptMode !== undefined) {
    const time = acceptedMs === undefined ? {} : { acceptedMs };
    const input = { project, mode: acceptMode, isAccepted: true, ...time };
    const { approval } = await ask("project.accept-mode", input);
    told.push(`Its workers may run in ${acceptMode} and ask nothing until ${approval?.until}.`);
  }
  if (refuseMode !== undefined) {
    await ask("project.accept-mode", { project, mode: refuseMode, isAccepted: false });
    told.push(`${refuseMode} is not accepted any more; workers that run in it go on to their end.`);
  }
  return told;
}

function describeMove(project: string, { from, to, worktrees, lost, isDone }: ProjectMove): string {
  const links = worktrees.map((folder) => `  ${folder}`);
  // Read in the preview already.
  const told = links.length === 0 || isDone ? [] : ["Worktrees that hear of it:", ...links];
  const missing = lost.map(({ task, was }) => {
    const next = isDone ? `: switchyard worktree repair ${task} --at PATH` : "";
    return `The worktree of ${task} is no more at ${was}, and is not taken along${next}.`;
  });
  const places = [`It was at ${from}`, `and is at    ${to}.`, ...told, ...missing].join("\n");
  return isDone
    ? `${project} follows its repository.\n${places}`
    : `The repository of ${project} was moved.\n${places}\nNothing is changed yet. Do it with: switchyard project move ${project} ${to} --yes`;
}

function describeAdded({ name, target, checks, withoutChecks }: Project): string {
  const added = `Added ${name}: work lands on ${target}.`;
  return checks.length > 0 || withoutChecks
    ? added
    : `${added}\nNothing can land yet: ${noChecksReason(name)}`;
}

function withSettings(command: Command): Command {
  return command
    .option("--target <branch>", "the branch that work lands on")
    .option(
      "--check <command>",
      "a command that must pass before work lands; repeatable",
      readCheck,
    )
    .option("--no-checks", "land without any check")
    .addOption(new Option("--land <how>", "how work lands").choices([...landPolicies]))
    .addOption(new Option("--approve <who>", "who approves").choices(["auto", "human"]))
    .addOption(
      new Option("--strategy <name>", "which profile gets the next task").choices([
        "fill",
        "round-robin",
        "least-loaded",
        "weighted",
      ]),
    )
    .option("--max-workers <n>", "workers at one time", readWholeNumber);
}

function toSettings({
  check,
  checks,
  target,
  land,
  approve,
  strategy,
  maxWorkers,
}: ProjectOptions) {
  return {
    ...(target === undefined ? {} : { target }),
    ...(check === undefined ? {} : { checks: [...check], withoutChecks: false }),
    ...(checks ? {} : { checks: [], withoutChecks: true }),
    ...(land === undefined ? {} : { land }),
    ...(approve === undefined ? {} : { approve }),
    ...(strategy === undefined ? {} : { strategy }),
    ...(maxWorkers === undefined ? {} : { maxWorkers }),
  };
}

function choose(
  word: string | undefined,
  context: { readonly project: string; readonly surroundings: { readonly cwd: string } },
): string {
  return word === undefined ? context.project : readProjectRef(word, context.surroundings.cwd);
}
