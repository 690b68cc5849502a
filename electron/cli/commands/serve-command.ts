import type { Command } from "commander";
import { resolveHome } from "../../core/base/data-folder.ts";
import type { GlobalOptions } from "../command-runner.ts";
import { readPort } from "../read-words.ts";
import type { Surroundings } from "../surroundings.ts";

export function addServeCommand(
  program: Command,
  surroundings: Surroundings,
  exitWith: (exitCode: number) => void,
): void {
  program
    .command("serve")
    .description("run Switchyard and serve its window on 127.0.0.1")
    .option("--port <n>", "the port; default: any free one", readPort, 0)
    .option("--no-open", "do not open the window in a browser")
    .option("--detach", "run in the background; return when it is ready")
    .action(async (own: { port: number; open: boolean; detach?: boolean }) => {
      const { home, json = false } = program.opts<GlobalOptions>();
      const exitCode = await surroundings.serve({
        home: resolveHome({ home, env: surroundings.env }),
        port: own.port,
        isOpening: own.open,
        isDetached: own.detach ?? false,
        isJson: json,
      });
      exitWith(exitCode);
    });
}
