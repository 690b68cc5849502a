import path from "node:path";
import { type Command, Option } from "commander";
import type { Check } from "../../../shared/model/check.ts";
import { describeLeftPull } from "../../../shared/model/describe-pull.ts";
import { PermissionMode } from "../../../shared/model/permission-mode.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { writeHandoffFile } from "../../../shared/model/write-handoff.ts";
import type { RunCommand } from "../command-runner.ts";
import { describeTask, describeTasks } from "../describe-rows.ts";
import { readAcceptedMs, readAnother, readCheck, readPriority } from "../read-words.ts";
import { answer, done } from "../report.ts";
import type { Surroundings } from "../surroundings.ts";
import { tellChanges } from "../tell-changes.ts";
import { tellHalt } from "../tell-halt.ts";

interface TaskOptions {
  readonly body?: string;
  readonly bodyFile?: string;
  readonly priority?: number;
  readonly after?: readonly string[];
  readonly label?: readonly string[];
  readonly path?: readonly string[];
  readonly profile?: string;
  readonly model?: string;
  readonly permissionMode?: PermissionMode | typeof AS_PROJECT;
  /** How long a mode in which nothing is asked is accepted, in milliseconds. */
  readonly for?: number;
  readonly check?: readonly Check[];
}

/** Takes a task's own mode away. */
const AS_PROJECT = "project";

export function addTaskCommands(program: Command, run: RunCommand): void {
  const task = program.command("task").description("work to be done");

  withFields(task.command("create").argument("<title>"))
    .option("--plan <plan>", "the plan it belongs to")
    .description("add a task")
    .action((title: string, own: TaskOptions & { plan?: string }) =>
      run("store", async ({ ask, project, surroundings }) => {
        const plan = own.plan === undefined ? {} : { plan: own.plan };
        const fields = await toFields(own, surroundings);
        const created = await ask("task.create", { project, title, ...plan, ...fields });
        if (created.status !== "draft") await tellChanges({ ask, surroundings }, created.project);
        if (created.status === "ready") await tellHalt({ ask, surroundings });
        return done(created, `${created.id} ${created.status}: ${created.title}`);
      }),
    );

  task
    .command("list")
    .option("--plan <plan>", "only this plan's")
    .description("every task")
    .action((own: { plan?: string }) =>
      run("store", async ({ ask, inProject, cut }) => {
        const where = own.plan === undefined ? await inProject() : { plan: own.plan };
        const tasks = await ask("task.list", where);
        return answer(tasks, describeTasks(tasks, cut));
      }),
    );

  task
    .command("show")
    .argument("<task>")
    .description("one task")
    .action((id: string) =>
      run("store", async ({ ask, isJson }) => {
        const shown = await ask("task.show", { task: id });
        if (isJson) return answer(shown, "");
        const { clashes } = await ask("task.why", { task: id });
        return answer(shown, describeTask(shown, clashes));
      }),
    );

  withFields(task.command("edit").argument("<task>"))
    .option("--title <title>", "its new title")
    .description("change a task")
    .action((id: string, own: TaskOptions & { title?: string }) =>
      run("store", async ({ ask, surroundings }) => {
        const title = own.title === undefined ? {} : { title: own.title };
        const fields = await toFields(own, surroundings);
        const changed = await ask("task.edit", { task: id, ...title, ...fields });
        return done(changed, describeTask(changed));
      }),
    );

  task
    .command("why")
    .argument("<task>")
    .description("what keeps a task from running")
    .action((id: string) =>
      run("store", async ({ ask }) => {
        const why = await ask("task.why", { task: id });
        const reasons = [...why.reasons, ...why.clashes].map(({ text }) => text);
        const state = `${why.task.id} is ${why.task.status}.`;
        return answer(why, reasons.length === 0 ? state : `${state}\n${reasons.join("\n")}`);
      }),
    );

  task
    .command("retry")
    .argument("<task>")
    .option("--note <text>", "what the next session is told first")
    .description("let a failed, cancelled or parked task run again")
    .action((id: string, own: { note?: string }) =>
      run("store", async ({ ask, surroundings }) => {
        const note = own.note === undefined ? {} : { note: own.note };
        const retried = await ask("task.retry", { task: id, ...note });
        if (retried.status === "ready") await tellHalt({ ask, surroundings });
        return done(retried, `${retried.id} is ${retried.status}.`);
      }),
    );

  task
    .command("handoffs")
    .argument("<task>")
    .description("the notes with which its sessions left it to fresh ones")
    .action((id: string) =>
      run("store", async ({ ask }) => {
        const { title } = await ask("task.show", { task: id });
        const handoffs = await ask("task.handoffs", { task: id });
        const notes = handoffs.map((handoff) => writeHandoffFile(handoff, title));
        return answer(handoffs, notes.length === 0 ? "No handoffs." : notes.join("\n"));
      }),
    );

  task
    .command("cancel")
    .argument("<task>")
    .description("take a task out; what was committed is kept")
    .action((id: string) =>
      run("store", async ({ ask }) => {
        const cancelled = await ask("task.cancel", { task: id });
        const { project } = cancelled;
        const entries = await ask("queue.list", { project, isWithClosed: true });
        const newest = entries
          .filter(({ task }) => task === cancelled.id)
          .toSorted((a, b) => b.enqueuedAt.localeCompare(a.enqueuedAt))[0];
        const left = newest ? describeLeftPull(newest) : null;
        const told = [`${cancelled.id} is ${cancelled.status}.`, ...(left ? [left] : [])];
        return done(cancelled, told.join("\n"));
      }),
    );

  task
    .command("import")
    .argument("<file>", "`- [ ] title` lines; an indented line below one is its body")
    .option("--plan <plan>", "the plan they belong to")
    .option("--again", "also those that are open tasks already")
    .description("add tasks from a list")
    .action((file: string, own: { plan?: string; again?: boolean }) =>
      run("store", async ({ ask, project, surroundings, cut }) => {
        const text = await readInput(surroundings, file);
        const plan = own.plan === undefined ? {} : { plan: own.plan };
        const imported = await ask("task.import", {
          project,
          text,
          ...plan,
          ...(own.again ? { isAgain: true } : {}),
        });
        const [first] = imported;
        if (first && first.status !== "draft")
          await tellChanges({ ask, surroundings }, first.project);
        return done(imported, describeTasks(imported, cut));
      }),
    );
}

function withFields(command: Command): Command {
  return command
    .option("--body <text>", "what the worker is told, verbatim")
    .option("--body-file <file>", "the same, from a file")
    .option("--priority <n>", "1 (most urgent) to 5", readPriority)
    .option("--after <task>", "a task that must have landed before; repeatable", readAnother)
    .option("--label <label>", "repeatable", readAnother)
    .option("--path <glob>", "a path it means to touch; repeatable", readAnother)
    .option("--profile <name>", "run it on this profile only")
    .option("--model <name>", "the model to use")
    .addOption(
      new Option(
        "--permission-mode <mode>",
        "its own; `project`: as its project's settings say",
      ).choices([...PermissionMode.options, AS_PROJECT]),
    )
    .option(
      "--for <time>",
      "how long a mode that asks nothing is accepted for it: 30m, 8h (the default), at most 7d",
      readAcceptedMs,
    )
    .option("--check <command>", "must pass before it is done; repeatable", readCheck);
}

async function toFields(own: TaskOptions, surroundings: Surroundings) {
  const body = await readBody(own, surroundings);
  return {
    ...(body === undefined ? {} : { body }),
    ...(own.priority === undefined ? {} : { priority: own.priority }),
    ...(own.after === undefined ? {} : { after: [...own.after] }),
    ...(own.label === undefined ? {} : { labels: [...own.label] }),
    ...(own.path === undefined ? {} : { paths: [...own.path] }),
    ...(own.profile === undefined ? {} : { pinnedProfile: own.profile }),
    ...(own.model === undefined ? {} : { model: own.model }),
    ...readMode(own),
    ...(own.check === undefined ? {} : { acceptance: [...own.check] }),
  };
}

function readMode({ permissionMode, for: acceptedMs }: TaskOptions) {
  return {
    ...(permissionMode === undefined
      ? {}
      : { permissionMode: permissionMode === AS_PROJECT ? null : permissionMode }),
    ...(acceptedMs === undefined ? {} : { acceptedMs }),
  };
}

async function readBody(own: TaskOptions, surroundings: Surroundings): Promise<string | undefined> {
  if (own.bodyFile === undefined) return own.body;
  if (own.body !== undefined) {
    throw new SwitchyardError("usage", "Give --body or --body-file, not both.");
  }
  return readInput(surroundings, own.bodyFile);
}

async function readInput(surroundings: Surroundings, file: string): Promise<string> {
  const place = path.resolve(surroundings.cwd, file);
  try {
    return await surroundings.readFile(place);
  } catch (error) {
    throw new SwitchyardError(
      "usage",
      `${place} cannot be read: ${describeUnreadable(error)}.`,
      "Name a text file in UTF-8.",
      error,
    );
  }
}

function describeUnreadable(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const known: Readonly<Record<string, string>> = {
    ENOENT: "there is no such file",
    EISDIR: "it is a folder",
    EACCES: "you may not read it",
    ERR_ENCODING_INVALID_ENCODED_DATA: "it is not text",
  };
  return known[code] ?? (error instanceof Error ? error.message : String(error));
}
