import { once } from "node:events";
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Finding } from "../../../../shared/model/finding.ts";
import { runProcess } from "../../process/run-process.ts";
import type { GateRules } from "../../provider/claude/gate/gate-rules.ts";
import { type NodeCommand, writeSessionFiles } from "../../provider/claude/write-session-files.ts";
import { bad, good } from "./finding.ts";

export interface HookParts {
  readonly node: NodeCommand;
  readonly shim: string;
  readonly gateShim: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 15_000;
/** It has the form of a session's and opens nothing. */
const TOKEN = "the-doctor-looks-at-the-hooks-of-a-session";

/**
 * Runs the hooks of a session that does not exist, as a session would: one that tells, and the gate, which has to let a harmless
 * call by and to stop a destructive one. Nothing destructive is run.
 */
export async function examineHooks(parts: HookParts): Promise<readonly Finding[]> {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "switchyard-doctor-")));
  const received: string[] = [];
  const server = createServer((request, response) => {
    received.push(request.url ?? "");
    request.resume();
    response.end('{"decision":"deny","note":"the doctor asked"}');
  });
  try {
    const port = await listen(server);
    const rules: GateRules = {
      worktree: path.join(folder, "worktree"),
      branch: null,
      home: folder,
      temp: [],
      protected: [],
      patterns: [],
      except: [],
    };
    const { node, shim } = parts;
    const gate = { shim: parts.gateShim, rules };
    const { settingsFile } = writeSessionFiles({ folder, port, token: TOKEN, node, shim, gate });
    const { hooks } = JSON.parse(readFileSync(settingsFile, "utf8"));
    const run = (command: string, input: object) =>
      runProcess("/bin/sh", ["-c", command], {
        cwd: folder,
        env: parts.env,
        timeoutMs: TIMEOUT_MS,
        signal: parts.signal,
        okExitCodes: "any",
        input: JSON.stringify(input),
      });
    const teller = hooks.SessionStart[0].hooks[0].command;
    await run(teller, { hook_event_name: "SessionStart" });
    const isTold = received.includes(`/s/${TOKEN}/hook`);
    const gateCommand = hooks.PreToolUse[1].hooks[0].command;
    const call = (command: string) =>
      run(gateCommand, { tool_name: "Bash", tool_input: { command }, cwd: folder });
    const harmless = await call("ls");
    const destructive = await call(`rm -rf ${path.join(folder, "of-others")}`);
    return [
      describeTelling(isTold),
      describeGate(harmless, destructive, received.includes(`/s/${TOKEN}/gate`)),
    ];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [
      bad(
        "Hooks",
        `They could not be tried: ${why}`,
        "Install Switchyard anew; its files are not whole.",
      ),
    ];
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a port has an address of this kind.
  return (server.address() as AddressInfo).port;
}

function describeTelling(isTold: boolean): Finding {
  if (isTold) return good("Hooks", "What a session does reaches the app.");
  return bad(
    "Hooks",
    "What a session does would not reach the app, so no state would be right.",
    "Install Switchyard anew; its files are not whole.",
  );
}

interface Ended {
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly durationMs: number;
}

function describeGate(harmless: Ended, destructive: Ended, isAsked: boolean): Finding {
  const name = "Gate";
  const fix = "Install Switchyard anew; its files are not whole.";
  if (harmless.exitCode !== 0)
    return bad(
      name,
      `It stops every command, so no worker can work: ${harmless.stderr.trim()}`,
      fix,
    );
  if (destructive.exitCode !== 2 || !isAsked)
    return bad(name, "It did not stop a destructive command and ask about it.", fix);
  return good(
    name,
    `It lets a harmless command by in ${Math.round(harmless.durationMs)} ms and stops a destructive one.`,
  );
}
