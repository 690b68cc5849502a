import { VERSION } from "../core/base/version.ts";
import { locatePrograms } from "../core/gateway/locate-programs.ts";
import { startCore } from "../core/start-core.ts";
import { runCli } from "./run-cli.ts";
import { createSystemSurroundings } from "./system-surroundings.ts";

const programs = locatePrograms(import.meta.dirname);
const surroundings = createSystemSurroundings((home) =>
  startCore({ home, shell: "offline", version: VERSION, ...programs }),
);
// A reader that closes early, such as `head`, is no failure of ours.
process.stdout.on("error", () => process.exit(0));
runCli(process.argv.slice(2), surroundings).then(leave, (defect: unknown) => {
  process.stderr.write(`${String(defect)}\n`);
  leave(1);
});

/** Everything has been said and saved by now: a deadline that is still ticking somewhere must not keep the person waiting. */
function leave(exitCode: number): void {
  process.stderr.write("", () => process.exit(exitCode));
}
