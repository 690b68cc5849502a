import path from "node:path";
import type { Command } from "commander";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { RunCommand } from "../command-runner.ts";
import { describeFindings, describeStatus } from "../describe-rows.ts";
import { answer, done, verdict } from "../report.ts";

export function addAppCommands(program: Command, run: RunCommand): void {
  program
    .command("status")
    .description("profiles, projects and sessions at a glance")
    .action(() =>
      run("store", async ({ ask, project, cut }) => {
        const named = program.opts<{ project?: string }>().project === undefined ? {} : { project };
        const status = await ask("app.status", named);
        return answer(status, describeStatus(status, cut));
      }),
    );

  program
    .command("doctor")
    .description(
      "look for what would keep workers from running, and say how to fix it; ends with 1 when something is bad",
    )
    .action(() =>
      run("store", async ({ ask }) => {
        const findings = await ask("app.doctor", {});
        const isGood = findings.every(({ result }) => result !== "bad");
        return verdict(findings, describeFindings(findings), isGood);
      }),
    );

  program
    .command("link")
    .description("a fresh link to the window of the running app; it opens one window, once")
    .action(() =>
      run("app", async ({ ask }) => {
        const { url } = await ask("app.link", {});
        if (url !== null) return answer({ url }, url);
        throw new SwitchyardError(
          "wrong-state",
          "The running Switchyard is the desktop app, which opens its window itself and serves no link.",
          "Look at its window; or end it with switchyard stop --keep-sessions, then: switchyard serve",
        );
      }),
    );

  program
    .command("stop")
    .description("end the running app; its sessions end too")
    .option("--keep-sessions", "leave the sessions running for the next start")
    .action((own: { keepSessions?: boolean }) =>
      run("app", async ({ ask, core }) => {
        const { pid } = await ask("app.info", {});
        const ended = new Promise<void>((resolve) => core.client.onClose(resolve));
        await ask("app.stop", { keepSessions: own.keepSessions ?? false });
        await ended;
        return done({ stopped: pid }, `Switchyard (process ${pid}) has ended.`);
      }),
    );

  program
    .command("backup")
    .argument("<file>", "where the copy goes")
    .description("copy the store while it is in use")
    .action((file: string) =>
      run("store", async ({ ask, surroundings }) => {
        const backup = await ask("app.backup", { file: path.resolve(surroundings.cwd, file) });
        return done(backup, `Saved ${backup.bytes} bytes to ${backup.file}.`);
      }),
    );
}
