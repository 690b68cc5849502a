import { isToolStep, type PlainStep, type Step } from "./step.ts";

/** The steps that one answer of the model plays. */
export type Turn = readonly PlainStep[];

/**
 * Cuts a script into answers: a tool call, a cut or a stop ends one, and a failure is one of its own.
 * `results` holds what the tools returned after each answer given so far; a `when` beyond that is still open,
 * and so is everything after it.
 */
export function groupTurns(steps: readonly Step[], results: readonly string[]): readonly Turn[] {
  const turns: PlainStep[][] = [];
  let turn: PlainStep[] = [];
  const close = () => {
    if (turn.length > 0) turns.push(turn);
    turn = [];
  };

  const rest = [...steps];
  for (let step = rest.shift(); step; step = rest.shift()) {
    if (step.kind === "when") {
      close();
      const result = results[answered(turns) - 1];
      if (result === undefined) return turns;
      rest.unshift(...(new RegExp(step.result).test(result) ? step.do : step.otherwise));
    } else if (isFailure(step)) {
      close();
      turns.push([step]);
    } else {
      turn.push(step);
      if (endsTurn(step)) close();
    }
  }
  close();
  return turns;
}

/** A failing answer leaves no trace in the conversation. */
export function isFailure(
  step: PlainStep | undefined,
): step is Extract<PlainStep, { kind: "error" | "hang" }> {
  return step?.kind === "error" || step?.kind === "hang";
}

function answered(turns: readonly Turn[]): number {
  return turns.filter((turn) => !isFailure(turn[0])).length;
}

function endsTurn(step: PlainStep): boolean {
  return (
    isToolStep(step) || step.kind === "parallel" || step.kind === "drop" || step.kind === "stop"
  );
}
