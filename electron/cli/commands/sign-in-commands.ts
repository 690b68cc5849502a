import type { Command } from "commander";
import { isLive, type Session } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { attachTerminal } from "../attach-terminal.ts";
import type { CommandContext, RunCommand } from "../command-runner.ts";
import { judgeSignIn, waitForSession } from "../follow-sign-in.ts";
import { done, type Report, verdict } from "../report.ts";

/** The program prints its link within two seconds here; a loaded laptop gets ten times that. */
const LINK_MS = 20_000;
/** A code is changed for a login within seconds, or refused. */
const CODE_MS = 30_000;

interface LoginOptions {
  readonly code?: string;
  readonly cancel?: boolean;
}

export function addSignInCommands(profile: Command, run: RunCommand): void {
  profile
    .command("login")
    .argument("<name>")
    .option(
      "--code <code>",
      "give the code that the sign-in page showed to the sign-in that runs; - reads it from standard input",
    )
    .option("--cancel", "end the sign-in that runs")
    .description("sign in through the provider's own program, here when this is a terminal")
    .action((name: string, own: LoginOptions) =>
      run("app", async (context) => {
        if (own.cancel && own.code !== undefined)
          throw new SwitchyardError("usage", "Give --code or --cancel, not both.");
        if (own.cancel) return await cancel(context, name);
        if (own.code !== undefined) return await giveCode(context, name, own.code);
        return await begin(context, name);
      }),
    );

  profile
    .command("logout")
    .argument("<name>")
    .description("sign out, through the provider's own command")
    .action((name: string) =>
      run("app", async ({ ask }) =>
        done(await ask("profile.logout", { name }), `${name} is signed out.`),
      ),
    );
}

async function begin(context: CommandContext, name: string): Promise<Report> {
  const { ask, surroundings, isJson } = context;
  const session = await ask("profile.login", { name });
  if (!isJson && surroundings.terminal !== null) {
    await attachTerminal(context, session.id);
    // Who leaves the terminal leaves the sign-in: nobody would see it any more.
    if (isLive((await ask("session.show", { session: session.id })).state))
      return { ...(await cancel(context, name)), exitCode: 1 };
    return await judgeSignIn(context, session);
  }
  const hasLink = ({ codeLink }: Session) => codeLink !== null;
  const asking = await waitForSession(context, session.id, hasLink, LINK_MS);
  if (!isLive(asking.state)) return await judgeSignIn(context, asking);
  const link = asking.codeLink ?? asking.link;
  const text =
    link === null
      ? `The sign-in runs, and has shown no link yet. See: switchyard session attach ${session.id}`
      : `Open this link, and sign in there:\n${link}\nThen give the code that it shows: switchyard profile login ${name} --code CODE`;
  return verdict(asking, text, true);
}

async function giveCode(context: CommandContext, name: string, word: string): Promise<Report> {
  const { ask, surroundings } = context;
  const session = await findSignIn(context, name);
  const code = word === "-" ? await surroundings.readFile("/dev/stdin") : word;
  // Says so when no sign-in runs.
  await ask("profile.send-code", { name, code });
  if (!session) return await begin(context, name);
  const after = await waitForSession(context, session.id, () => false, CODE_MS);
  if (!isLive(after.state)) return await judgeSignIn(context, after);
  return verdict(
    after,
    `The sign-in did not take the code yet, and still waits. See what it says: switchyard session attach ${after.id}`,
    false,
  );
}

async function cancel(context: CommandContext, name: string): Promise<Report> {
  const session = await findSignIn(context, name);
  if (!session) return done({ cancelled: null }, `Nobody is signing in to ${name}.`);
  await context.ask("session.stop", { session: session.id });
  return done({ cancelled: session.id }, `The sign-in to ${name} is cancelled.`);
}

async function findSignIn({ ask }: CommandContext, name: string): Promise<Session | undefined> {
  const profile = await ask("profile.show", { name });
  const sessions = await ask("session.list", {});
  return sessions.find(
    ({ kind, state, profile: of }) => kind === "sign-in" && isLive(state) && of === profile.name,
  );
}
