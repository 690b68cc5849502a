/** What goes wrong on purpose, as STAND_IN_FAULT says. */
export type Fault =
  | { readonly kind: "none" }
  | { readonly kind: "exit-at-once"; readonly code: number }
  | { readonly kind: "no-hooks" }
  /** Prints so much as soon as it has started. */
  | { readonly kind: "flood"; readonly bytes: number }
  | { readonly kind: "ignore-term" }
  /** Leaves three sleeps behind: in a session of its own, deaf to a hang-up, and with an empty environment. */
  | { readonly kind: "children"; readonly seconds: number }
  /** Says that the conversation it is to begin is there already. */
  | { readonly kind: "id-in-use" }
  /** Dies without a word after so many tool calls. */
  | { readonly kind: "crash-after"; readonly toolCalls: number };

export function readFault(text: string): Fault {
  const [name, value] = text.split(":");
  const number = Number(value ?? Number.NaN);
  switch (name) {
    case "":
      return { kind: "none" };
    case "exit-at-once":
      return { kind: "exit-at-once", code: Number.isNaN(number) ? 1 : number };
    case "no-hooks":
    case "ignore-term":
    case "id-in-use":
      return { kind: name };
    case "children":
      if (number > 0) return { kind: "children", seconds: number };
      break;
    case "flood":
      if (number > 0) return { kind: "flood", bytes: number };
      break;
    case "crash-after":
      if (number >= 0) return { kind: "crash-after", toolCalls: number };
      break;
  }
  throw new Error(`STAND_IN_FAULT=${text} is no fault the stand-in knows`);
}
