import { Terminal } from "@xterm/headless";
import { expect, test } from "vitest";
import { guardParser } from "./parser-guards.ts";

const CSI = "\u001b[";

function openGuarded() {
  const terminal = new Terminal({ cols: 20, rows: 5, allowProposedApi: true });
  const answers: string[] = [];
  terminal.onData((text) => answers.push(text));
  guardParser(terminal.parser);
  const write = (text: string) => new Promise<void>((resolve) => terminal.write(text, resolve));
  return { terminal, answers, write };
}

test("a huge count does nothing instead of freezing the window", async () => {
  const { terminal, write } = openGuarded();
  const startedAt = performance.now();
  await write(
    `kept${["S", "T", "L", "M", "b", "Z"].map((end) => `${CSI}99999999${end}`).join("")}`,
  );
  // Unguarded, one of them runs for seconds.
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe("kept");
});

test("counts that programs use work as ever", async () => {
  const { terminal, write } = openGuarded();
  await write(`a${CSI}3b`);
  expect(terminal.buffer.active.getLine(0)?.translateToString(true)).toBe("aaaa");
});

test("answers no question of the program", async () => {
  const { answers, write } = openGuarded();
  await write(
    `${CSI}c${CSI}>c${CSI}6n${CSI}?6n${CSI}>q${CSI}?2004$p\u001bP$qm\u001b\\\u001b]11;?\u0007`,
  );
  expect(answers).toEqual([]);
});
