import path from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import {
  Moves,
  type PlanTier,
  type Profile,
  ProfileColour,
} from "../../../shared/model/profile.ts";
import { ShareableItem, type ShareOutcome } from "../../../shared/model/profile-sharing.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { MOVES_EXPLAINED } from "../../../shared/model/word-move.ts";
import type { RunCommand } from "../command-runner.ts";
import { describeFindings, describeProfile, describeProfiles } from "../describe-rows.ts";
import { readCap, readFolder, readProgram, readVariable, readWholeNumber } from "../read-words.ts";
import { answer, done, verdict } from "../report.ts";
import type { Cut } from "../write-table.ts";
import { addSignInCommands } from "./sign-in-commands.ts";

interface ProfileOptions {
  readonly plan?: PlanTier;
  readonly cap?: number;
  readonly executable?: string;
  readonly colour?: ProfileColour | "none";
  readonly browser?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly order?: number;
  readonly moves?: Moves;
}

export function addProfileCommands(program: Command, run: RunCommand): void {
  const profile = program.command("profile").description("your subscriptions");

  withSettings(profile.command("add").argument("<name>"))
    .option("--dir <dir>", "an existing CLAUDE_CONFIG_DIR; default: a new one in the data folder")
    .addOption(new Option("--provider <name>", "which program").choices(["claude"]))
    .description("add a subscription; sign in with `profile login`")
    .action((name: string, own: ProfileOptions & { plan: PlanTier; dir?: string }) =>
      run("store", async ({ ask, surroundings }) => {
        const added = await ask("profile.add", {
          name,
          ...(own.dir === undefined ? {} : { dir: readFolder(own.dir, surroundings.cwd) }),
          ...toSettings(own, surroundings.cwd),
          plan: own.plan,
        });
        return done(added, describeAdded(added));
      }),
    );

  profile
    .command("import")
    .argument(
      "[dirs...]",
      "config folders, or scripts that set CLAUDE_CONFIG_DIR; without any, those that are found",
    )
    .addOption(planOption("; default: what its login says, else custom"))
    .description("take in config folders that exist already; nothing is moved")
    .action((dirs: string[], own: { plan?: PlanTier }) =>
      run("store", async ({ ask, surroundings, cut }) => {
        const folders = dirs.map((dir) => readFolder(dir, surroundings.cwd));
        const input = folders.length === 0 ? {} : { dirs: folders };
        const plan = own.plan === undefined ? {} : { plan: own.plan };
        const imported = await ask("profile.import", { ...input, ...plan });
        const left = folders.length === 0 ? await ask("profile.find", {}) : [];
        return done(imported, describeImported(imported, left, own.plan, cut));
      }),
    );

  profile
    .command("list")
    .description("every profile, its sessions and usage")
    .action(() =>
      run("store", async ({ ask, cut }) => {
        const profiles = await ask("profile.list", {});
        return answer(profiles, describeProfiles(profiles, cut));
      }),
    );

  profile
    .command("show")
    .argument("<name>")
    .description("one profile")
    .action((name: string) =>
      run("store", async ({ ask }) => {
        const shown = await ask("profile.show", { name });
        return answer(shown, describeProfile(shown));
      }),
    );

  withSettings(profile.command("set").argument("<name>"))
    .addOption(new Option("--disable", "give it no work").conflicts("enable"))
    .option("--enable", "give it work again")
    .description("change a profile's settings")
    .action((name: string, own: ProfileOptions & { disable?: boolean; enable?: boolean }) =>
      run("store", async ({ ask, surroundings }) => {
        const isDisabled = own.disable ? true : own.enable ? false : undefined;
        const disabled = isDisabled === undefined ? {} : { isDisabled };
        const settings = toSettings(own, surroundings.cwd);
        const changed = await ask("profile.set", { name, ...settings, ...disabled });
        return done(changed, describeProfile(changed));
      }),
    );

  profile
    .command("check")
    .argument("<name>")
    .description("ask the provider who is signed in, and look at the profile's folder and program")
    .action((name: string) =>
      run("store", async ({ ask }) => {
        const checked = await ask("profile.check", { name });
        const text = `${describeProfile(checked.profile)}\n\n${describeFindings(checked.findings)}`;
        const isGood = checked.findings.every(({ result }) => result !== "bad");
        return verdict(checked, text, isGood);
      }),
    );

  addSignInCommands(profile, run);

  profile
    .command("share")
    .argument("<name>")
    .requiredOption("--from <profile>", "the profile to take over from (required)")
    .addOption(shareOption())
    .description(
      "copy skills, commands, agents, MCP servers, settings from another profile; never a login, a key or a hook",
    )
    .action((name: string, own: { from: string; only?: ShareableItem[] }) =>
      run("store", async ({ ask }) => {
        const items = own.only ?? [...ShareableItem.options];
        const outcome = await ask("profile.share", { name, from: own.from, items });
        return done(outcome, describeShared(outcome));
      }),
    );

  profile
    .command("remove")
    .argument("<name>")
    .description("forget a profile; its folder stays")
    .action((name: string) =>
      run("store", async ({ ask }) => {
        await ask("profile.remove", { name });
        return done({ removed: name }, `Removed ${name}. Its folder is untouched.`);
      }),
    );

  profile
    .command("wrapper")
    .argument("<name>")
    .requiredOption("--out <place>", "where the script goes (required): a file or a folder")
    .description("write a script that starts the provider's program as this profile")
    .action((name: string, own: { out: string }) =>
      run("store", async ({ ask, surroundings }) => {
        // Resolving would drop the slash that says it is a folder.
        const slash = /[\\/]$/.test(own.out) ? path.sep : "";
        const file = readFolder(own.out, surroundings.cwd) + slash;
        const written = await ask("profile.wrapper", { name, out: file });
        return done(written, `Wrote ${written.file}.`);
      }),
    );
}

/** What is needed before it takes work. */
function describeAdded({ name, state, reason }: Profile): string {
  switch (state) {
    case "ready":
    case "resting":
      return `Added ${name}; it is signed in.`;
    case "disabled":
      return `Added ${name}; it is disabled.`;
    case "incident":
      return `Added ${name}, but it takes no work yet: ${reason}\nOnce that is mended: switchyard profile check ${name}`;
    case "unchecked":
    case "signed-out":
      return `Added ${name}. Sign in with: switchyard profile login ${name}`;
    default:
      return unreachable(state);
  }
}

/** `left`: what looked like a profile and was not taken over. */
function describeImported(
  imported: readonly Profile[],
  left: readonly { readonly dir: string; readonly problem: string | null }[],
  plan: PlanTier | undefined,
  cut: Cut,
): string {
  const unknown = imported.filter((each) => plan === undefined && each.plan === "custom");
  return [
    imported.length === 0 ? "Nothing was found to import." : describeProfiles(imported, cut),
    ...unknown.map(
      ({ name }) =>
        `What ${name} is subscribed to is not known yet; say it with: switchyard profile set ${name} --plan pro`,
    ),
    ...left.flatMap(({ dir, problem }) => (problem ? [`Left out: ${dir}: ${problem}`] : [])),
  ].join("\n");
}

function shareOption(): Option {
  const items = ShareableItem.options.join(", ");
  return new Option("--only <items>", `of ${items}, with commas between; default: all`).argParser(
    (word) =>
      word.split(",").map((each) => {
        const item = ShareableItem.safeParse(each.trim());
        if (item.success) return item.data;
        throw new InvalidArgumentError(`${each.trim()} cannot be shared; ${items} can.`);
      }),
  );
}

function describeShared({ copied, leftOut }: ShareOutcome): string {
  const left = leftOut.map(({ what, why }) => `  ${what}: ${why}`);
  return [
    copied.length === 0 ? "Nothing was copied." : `Copied: ${copied.join(", ")}.`,
    ...(left.length === 0 ? [] : ["Left out:", ...left]),
  ].join("\n");
}

function planOption(note: string): Option {
  return new Option("--plan <tier>", `what is subscribed to${note}`).choices([
    "free",
    "pro",
    "max",
    "api",
    "custom",
  ]);
}

function withSettings(command: Command): Command {
  const isAdding = command.name() === "add";
  return command
    .addOption(planOption(isAdding ? " (required)" : "").makeOptionMandatory(isAdding))
    .option("--cap <n>", "sessions at one time", readCap)
    .option("--executable <path>", "the program to start instead of the one on PATH")
    .addOption(
      new Option(
        "--colour <name>",
        "its colour on panes and meters; none: one that follows from its name",
      ).choices([...ProfileColour.options, "none"]),
    )
    .option(
      "--browser <command>",
      'what opens its sign-in page, e.g. "firefox -P work"; empty: the page is offered in the window',
    )
    .option(
      "--env <NAME=VALUE>",
      `a variable for its sessions${isAdding ? "" : ", beside those it has; NAME= takes one away"}; repeatable`,
      readVariable,
    )
    .option("--order <n>", "its place when profiles are filled in order", readWholeNumber)
    .addOption(
      new Option(
        "--moves <where>",
        "whether conversations that wait for a limit may go on at other profiles (out), others' at this one (in), both or none; at first none. See below",
      ).choices(Moves.options),
    )
    .addHelpText("after", ["", "Conversations that move:", ...MOVES_EXPLAINED].join("\n  "));
}

function toSettings(
  { plan, cap, executable, colour, browser, env, order, moves }: ProfileOptions,
  cwd: string,
) {
  return {
    ...(plan === undefined ? {} : { plan }),
    ...(cap === undefined ? {} : { cap }),
    ...(executable === undefined ? {} : { executable: readProgram(executable, cwd) }),
    ...(colour === undefined ? {} : { colour: colour === "none" ? null : colour }),
    ...(browser === undefined ? {} : { browser }),
    ...(env === undefined ? {} : { env: { ...env } }),
    ...(order === undefined ? {} : { order }),
    ...(moves === undefined ? {} : { moves }),
  };
}
