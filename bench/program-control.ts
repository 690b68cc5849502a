import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import type { SessionId } from "../shared/model/ids.ts";

/** 0: one repaint at a time, ten times a second, as Claude Code does it. */
export interface Pace {
  readonly bytesPerSecond: number;
}

/** What a program is to do from now on. */
export interface ProgramOrder {
  readonly id: number;
  readonly pace: Pace | null;
  /** Printed at once. */
  readonly lines: number;
  /** Printed last, on a line of its own. */
  readonly marker: string | null;
}

export interface ProgramReport {
  readonly session: SessionId;
  /** Bytes it has printed since its start. */
  readonly written: number;
  readonly cols: number;
  readonly rows: number;
  /** Milliseconds since 1970 at which it had done it. */
  readonly atMs: number;
  /** The order that is done; 0: it has started. */
  readonly answers: number;
}

/** The benchmark's end of the sockets of all `paced-program.ts`. */
export interface ProgramControl extends AsyncDisposable {
  /** For the programs' environment. */
  readonly address: string;
  /** Resolves once so many programs are there. */
  untilStarted(count: number, signal: AbortSignal): Promise<readonly SessionId[]>;
  /** Resolves once each of them has begun with it. */
  tell(
    sessions: readonly SessionId[],
    order: Partial<Omit<ProgramOrder, "id">>,
  ): Promise<readonly ProgramReport[]>;
}

export async function openProgramControl(folder: string): Promise<ProgramControl> {
  const programs = new Map<SessionId, Socket>();
  const waiting = new Map<string, (report: ProgramReport) => void>();
  let onStarted = () => {};
  let orders = 0;
  const server = createServer((socket) => {
    // A program that is ended with its session leaves without a word.
    socket.on("error", () => {});
    createInterface(socket).on("line", (line) => {
      const report = JSON.parse(line) as ProgramReport; // Written by our own program.
      if (report.answers === 0) {
        programs.set(report.session, socket);
        onStarted();
      } else waiting.get(`${report.session} ${report.answers}`)?.(report);
    });
  });
  const address = path.join(folder, "control.sock");
  server.listen(address);
  await once(server, "listening");
  return {
    address,
    untilStarted: (count, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
        onStarted = () => {
          if (programs.size >= count) resolve([...programs.keys()]);
        };
        onStarted();
      }),
    tell: (sessions, { pace = null, lines = 0, marker = null }) => {
      orders += 1;
      const id = orders;
      return Promise.all(
        sessions.map(
          (session) =>
            new Promise<ProgramReport>((resolve) => {
              waiting.set(`${session} ${id}`, resolve);
              const order: ProgramOrder = { id, pace, lines, marker };
              programs.get(session)?.write(`${JSON.stringify(order)}\n`);
            }),
        ),
      );
    },
    async [Symbol.asyncDispose]() {
      for (const socket of programs.values()) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
