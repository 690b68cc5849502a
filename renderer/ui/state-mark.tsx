import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";
import { type Tone, toneSoft, toneText } from "./tone.ts";

export type Shape =
  | "disc"
  | "ring"
  | "dashed"
  | "half"
  | "triangle"
  | "square"
  | "diamond"
  | "pause"
  | "clock"
  | "check"
  | "cross"
  | "question"
  | "eye";

export interface Look {
  readonly word: string;
  readonly tone: Tone;
  readonly shape: Shape;
}

const line = { fill: "none", stroke: "currentColor", strokeWidth: 1.6 } as const;
const round = { strokeLinecap: "round", strokeLinejoin: "round" } as const;

const shapes: Readonly<Record<Shape, ReactNode>> = {
  disc: <circle cx="6" cy="6" r="4.2" fill="currentColor" />,
  ring: <circle cx="6" cy="6" r="4" {...line} />,
  dashed: <circle cx="6" cy="6" r="4" {...line} strokeDasharray="2.3 1.9" />,
  half: (
    <>
      <circle cx="6" cy="6" r="4" {...line} />
      <path d="M6 2a4 4 0 0 1 0 8z" fill="currentColor" />
    </>
  ),
  triangle: (
    <path
      d="M6 1.2 11.2 10.6H.8z M5.4 4.4v3.2h1.2V4.4z M5.4 8.3v1.2h1.2V8.3z"
      fill="currentColor"
      fillRule="evenodd"
    />
  ),
  square: <rect x="2.2" y="2.2" width="7.6" height="7.6" rx="1" {...line} />,
  diamond: <path d="M6 .9 11.1 6 6 11.1.9 6z" fill="currentColor" />,
  pause: <path d="M3 2h2.2v8H3zM6.8 2H9v8H6.8z" fill="currentColor" />,
  clock: (
    <>
      <circle cx="6" cy="6" r="4.4" {...line} />
      <path d="M6 3.5V6l1.8 1.2" {...line} {...round} strokeWidth={1.3} />
    </>
  ),
  check: <path d="m1.8 6.4 2.9 2.9 5.5-6.4" {...line} {...round} strokeWidth={2} />,
  cross: <path d="m2.6 2.6 6.8 6.8m0-6.8L2.6 9.4" {...line} {...round} strokeWidth={2} />,
  question: (
    <>
      <path d="M3.9 4.2a2.1 2.1 0 1 1 3 1.9c-.7.4-.9.7-.9 1.3" {...line} {...round} />
      <circle cx="6" cy="9.7" r="0.9" fill="currentColor" />
    </>
  ),
  eye: (
    <>
      <path
        d="M.9 6S2.8 2.6 6 2.6 11.1 6 11.1 6 9.2 9.4 6 9.4.9 6 .9 6z"
        {...line}
        strokeWidth={1.3}
      />
      <circle cx="6" cy="6" r="1.5" fill="currentColor" />
    </>
  ),
};

export function ShapeMark({ shape, size = 11 }: { readonly shape: Shape; readonly size?: number }) {
  return (
    <svg viewBox="0 0 12 12" width={size} height={size} aria-hidden="true" className="shrink-0">
      {shapes[shape]}
    </svg>
  );
}

/** A state told by shape, word and colour. */
export function StateMark({
  look,
  isBoxed = false,
  className,
}: {
  readonly look: Look;
  readonly isBoxed?: boolean;
  readonly className?: string;
}) {
  return (
    <span
      className={classNames(
        "inline-flex items-center gap-1.5 whitespace-nowrap text-xs font-medium",
        toneText[look.tone],
        isBoxed && "rounded border px-1.5 py-px",
        isBoxed && toneSoft[look.tone],
        className,
      )}
    >
      <ShapeMark shape={look.shape} />
      {look.word}
    </span>
  );
}
