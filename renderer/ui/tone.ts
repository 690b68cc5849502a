export type Tone = "quiet" | "busy" | "good" | "warn" | "bad" | "review";

// Whole class names, because Tailwind finds them by reading the source.
export const toneText: Readonly<Record<Tone, string>> = {
  quiet: "text-quiet",
  busy: "text-busy",
  good: "text-good",
  warn: "text-warn",
  bad: "text-bad",
  review: "text-review",
};

export const toneFill: Readonly<Record<Tone, string>> = {
  quiet: "bg-quiet",
  busy: "bg-busy",
  good: "bg-good",
  warn: "bg-warn",
  bad: "bg-bad",
  review: "bg-review",
};

export const toneSoft: Readonly<Record<Tone, string>> = {
  quiet: "bg-quiet/10 border-quiet/25",
  busy: "bg-busy/10 border-busy/30",
  good: "bg-good/10 border-good/30",
  warn: "bg-warn/10 border-warn/35",
  bad: "bg-bad/10 border-bad/35",
  review: "bg-review/10 border-review/30",
};
