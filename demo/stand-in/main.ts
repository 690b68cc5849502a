import { runAuth } from "./auth.ts";
import { readCommandLine } from "./read-command-line.ts";
import { readFault } from "./read-fault.ts";
import { runSession } from "./run-session.ts";
import { VERSION } from "./version.ts";

const line = readCommandLine(process.argv.slice(2));
switch (line.kind) {
  case "version":
    console.log(`${VERSION} (stand-in for Claude Code)`);
    break;
  case "auth":
    process.exitCode = await runAuth(line.action, process.env);
    break;
  case "refused":
    console.error(line.reason);
    process.exitCode = 1;
    break;
  case "session": {
    const fault = readFault(process.env.STAND_IN_FAULT ?? "");
    process.exit(fault.kind === "exit-at-once" ? fault.code : await runSession(line, fault));
  }
}
