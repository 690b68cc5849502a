import type { SessionId } from "../../shared/model/ids.ts";
import { call } from "../client/connection.ts";
import { toastDone } from "../ui/toasts.tsx";
import { nextMark, planMarks } from "./plan-marks.ts";
import { rowsOf, screenOf } from "./reveal-line.ts";

/** Scrolls a session's pane to the prompt before what one sees, or after it; past the last one, to the end. */
export async function goToMark(session: SessionId, by: 1 | -1): Promise<void> {
  const screen = screenOf(session);
  if (!screen) return;
  const { moments } = await call("session.moments", { session });
  const prompts = moments.flatMap(({ prompt }) => prompt ?? []);
  const { terminal } = screen;
  const found = planMarks(rowsOf(terminal), prompts);
  const marks = [...new Set([...found, ...screen.promptRows()])].sort((a, b) => a - b);
  const { viewportY, baseY } = terminal.buffer.active;
  const row = nextMark(marks, viewportY, by);
  if (row !== null && row < baseY) terminal.scrollToLine(row);
  else if (by > 0) terminal.scrollToBottom();
  else toastDone("No prompt is kept above this.");
}
