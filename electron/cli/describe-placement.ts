import type { PlacementStep } from "../../shared/model/placement-step.ts";
import { writePlainly } from "./write-table.ts";

/** What would happen, round by round; a line a task, and one for each thing it waits for. */
export function describePlacement(steps: readonly PlacementStep[]): string {
  if (steps.length === 0) return "Nothing of this plan is left to do.";
  const rounds = [...new Set(steps.map(({ round }) => round))];
  const texts = rounds.map((round) =>
    [headOf(round), ...steps.filter((step) => step.round === round).map(describeStep)].join("\n"),
  );
  const isLater = rounds.some((round) => round !== null && round > 1);
  return [...texts, ...(isLater ? [ASSUMPTION] : [])].join("\n\n");
}

const ASSUMPTION =
  "Each round begins when all of the one before has landed, with windows and sign-ins as they are now.";

function headOf(round: number | null): string {
  if (round === null) return "Not by itself:";
  if (round === 0) return "Under way:";
  return round === 1 ? "At once:" : `Round ${round}:`;
}

function describeStep({ task, title, round, profile, reason, waitsFor }: PlacementStep): string {
  const where = profile === null || round === null ? "" : ` on ${profile}`;
  const why = reason === null ? "" : `: ${reason}`;
  const line = writePlainly(`  ${task} ${title}${where}${why}`);
  return [line, ...waitsFor.map(({ text }) => `      ${writePlainly(text)}`)].join("\n");
}
