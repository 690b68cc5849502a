import { expect, test } from "vitest";
import type { ByteStream } from "../../shared/contract/rpc.ts";
import { packTerminalFrame, unpackTerminalFrame } from "../../shared/contract/terminal-frame.ts";
import { runAgainst } from "./fake-surroundings.ts";
import { sampleSession } from "./sample-rows.ts";
import type { LocalTerminal } from "./surroundings.ts";

const noRows = {
  projects: [],
  profiles: [],
  plans: [],
  tasks: [],
  sessions: [],
  entries: [],
  asks: [],
  fleet: [],
};
const LEAVE = Uint8Array.of(0x1d);

/** One who looks at a session, in a terminal of 80 by 24, beside others. */
function attach() {
  const asked: string[] = [];
  const typed: string[] = [];
  const stream = Promise.withResolvers<ByteStream>();
  const keys = Promise.withResolvers<(keys: Uint8Array) => void>();
  const terminal: LocalTerminal = {
    cols: 80,
    rows: 24,
    readKeys: (listener) => keys.resolve(listener),
    onResize: () => undefined,
  };
  const acknowledged: number[] = [];
  const left = runAgainst(
    {
      terminal,
      handlers: {
        "app.watch": () => ({ seq: 0, rows: noRows, recent: [] }),
        "session.show": () => sampleSession,
        "terminal.resize": ({ cols, rows }) => {
          asked.push(`${cols}x${rows}`);
          return {};
        },
        "terminal.attach": (_input, peer) => {
          const opened = peer.openStream();
          opened.onBytes((packed) => {
            const frame = unpackTerminalFrame(packed);
            if (frame?.kind === "input") typed.push(Buffer.from(frame.bytes).toString());
          });
          opened.onAck((count) => acknowledged.push(count));
          stream.resolve(opened);
          return { stream: opened.id };
        },
      },
    },
    "session",
    "attach",
    "s-19",
  );
  return {
    asked,
    typed,
    left,
    /** Resolves once it has been painted. */
    async show(cols: number, rows: number, offset: number) {
      const bytes = Buffer.from("$ ");
      (await stream.promise).send(
        packTerminalFrame({ kind: "snapshot", offset, cols, rows, bytes }),
      );
      await expect.poll(() => acknowledged).toContain(offset);
    },
    async type(text: string) {
      (await keys.promise)(Buffer.from(text));
      await expect.poll(() => typed.join("")).toContain(text);
    },
    async leave() {
      (await keys.promise)(LEAVE);

      return left;
    },
  };
}

test("whoever attaches gives the session the size of their terminal", async () => {
  const looker = attach();
  await looker.show(80, 24, 10);
  await looker.type("ls\r");
  await looker.leave();
  expect(looker.asked).toEqual(["80x24"]);
});

test("whoever types takes the size back that somebody else has changed", async () => {
  const looker = attach();
  await looker.show(80, 24, 10);
  await looker.show(132, 50, 20);
  expect(looker.asked).toEqual(["80x24"]);
  await looker.type("ls\r");
  await expect.poll(() => looker.asked).toEqual(["80x24", "80x24"]);
  await looker.leave();
});

test("Ctrl-] leaves, and what was typed before it arrives whole", async () => {
  const looker = attach();
  await looker.show(80, 24, 10);
  await looker.type("one two");
  const { exitCode } = await looker.leave();
  expect([exitCode, looker.typed]).toEqual([0, ["one two"]]);
});
