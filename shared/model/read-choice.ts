import type { Question } from "./ask.ts";

/** What a person wrote as the answer to a question: numbers stand for its options, anything else is the answer as it stands. */
export function readChoice(
  { options, isMultiple }: Pick<Question, "options" | "isMultiple">,
  text: string,
): string[] {
  if (options.some(({ label }) => label === text)) return [text];
  const words = isMultiple ? text.split(",") : [text];
  const labels = words.map((word) => options[Number(word.trim()) - 1]?.label);
  return labels.every((label) => label !== undefined) ? labels : [text];
}

/** Only numbers, and they stand for no answer: too high, or several where one is taken. A question without options can be answered with any number. */
export function isNumberOfNone(
  asked: Pick<Question, "options" | "isMultiple">,
  text: string,
): boolean {
  if (asked.options.length === 0 || !/^\s*\d+(\s*,\s*\d+)*\s*$/.test(text)) return false;
  if (asked.options.some(({ label }) => label === text)) return false;
  const words = asked.isMultiple ? text.split(",") : [text];
  return words.some((word) => asked.options[Number(word.trim()) - 1] === undefined);
}

/** A question with its options under the numbers that `readChoice` takes. */
export function writeQuestion({ question, options }: Question): string {
  return [
    question,
    ...options.map(
      ({ label, description }, index) =>
        `  ${index + 1}  ${label}${description === null ? "" : `: ${description}`}`,
    ),
  ].join("\n");
}
