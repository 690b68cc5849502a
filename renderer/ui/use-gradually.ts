import { useEffect, useState } from "react";

/** So many rows are drawn within one frame, which leaves most of it to whatever else happens. */
const ROWS_A_FRAME = 30;

/**
 * How many of `count` rows to draw by now: few when they first appear, then more with every frame until it is all of them, so that
 * no list holds up a window. Never less than `atLeast`.
 */
export function useGradually(count: number, atLeast: number): number {
  const [room, setRoom] = useState(ROWS_A_FRAME);
  const isWhole = room >= count;
  useEffect(() => {
    if (isWhole) return;
    let frame = requestAnimationFrame(function widen() {
      setRoom((before) => before + ROWS_A_FRAME);
      frame = requestAnimationFrame(widen);
    });
    return () => cancelAnimationFrame(frame);
  }, [isWhole]);
  return Math.max(room, atLeast);
}
