import fc from "fast-check";
import { arbitraryPrint, arbitraryStream } from "../../electron/terminal-host/arbitrary-stream.ts";
import type { Size } from "../../electron/terminal-host/new-screen.ts";

/** What happens to a session and to the windows that look at it, `window` being one of them by its number. */
export type Happening =
  | { readonly kind: "print"; readonly pieces: readonly Uint8Array[] }
  | { readonly kind: "flood"; readonly bytes: Uint8Array; readonly times: number }
  | { readonly kind: "wait"; readonly turns: number }
  | { readonly kind: "wait-ms"; readonly ms: number }
  | { readonly kind: "resize"; readonly size: Size; readonly window: number | null }
  | { readonly kind: "show" | "hide" | "renew" | "type"; readonly window: number }
  | {
      readonly kind: "focus" | "stand-still" | "read";
      readonly window: number;
      readonly isOn: boolean;
    };

export const WINDOWS = 2;
export const FIRST_SIZE: Size = { cols: 24, rows: 7 };

const window = fc.nat({ max: WINDOWS - 1 });
const size = fc.record({
  cols: fc.integer({ min: 10, max: 60 }),
  rows: fc.integer({ min: 2, max: 12 }),
});

/** Cut wherever a read of the terminal happens to end. */
const cutUp = (bytes: Uint8Array) =>
  fc.array(fc.nat({ max: bytes.length }), { maxLength: 4 }).map((places) => {
    const cuts = [0, ...places.toSorted((a, b) => a - b), bytes.length];
    return cuts
      .slice(1)
      .map((end, index) => bytes.subarray(cuts[index], end))
      .filter((piece) => piece.length > 0);
  });

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 12,
    arbitrary: arbitraryStream.chain(cutUp).map((pieces): Happening => ({ kind: "print", pieces })),
  },
  {
    weight: 6,
    arbitrary: arbitraryPrint.map((bytes): Happening => ({ kind: "print", pieces: [bytes] })),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("flood"),
      bytes: arbitraryStream,
      times: fc.integer({ min: 20, max: 120 }),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({ kind: fc.constant("wait"), turns: fc.integer({ min: 1, max: 12 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("wait-ms"), ms: fc.constantFrom(3, 6, 20, 120, 300) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("resize"), size, window: fc.option(window) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom("show", "hide", "renew", "type"), window }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom("focus", "stand-still", "read"),
      window,
      isOn: fc.boolean(),
    }),
  },
);

export const arbitraryStory: fc.Arbitrary<readonly Happening[]> = fc.array(happening, {
  minLength: 5,
  maxLength: 60,
  size: "max",
});
