import { Terminal } from "@xterm/headless";
import { expect, test } from "vitest";
import { muteAnswers } from "./mute-answers.ts";

const CSI = "\u001b[";

test("answers no question of the program", async () => {
  const terminal = new Terminal({ cols: 20, rows: 5, allowProposedApi: true });
  const answers: string[] = [];
  terminal.onData((text) => answers.push(text));
  muteAnswers(terminal.parser);
  const questions = `${CSI}c${CSI}>c${CSI}6n${CSI}?6n${CSI}>q${CSI}?2004$p\u001bP$qm\u001b\\\u001b]11;?\u0007`;
  await new Promise<void>((resolve) => terminal.write(questions, resolve));
  expect(answers).toEqual([]);
});
