import { expect, test, vi } from "vitest";
import { keepSize } from "./keep-size.ts";
import type { Screen } from "./open-screen.ts";

/** A screen in an element with room for 100 × 30, and what its program was told. */
function newScreen() {
  const told: string[] = [];
  const terminal = {
    cols: 80,
    rows: 24,
    options: {},
    resize(cols: number, rows: number) {
      Object.assign(terminal, { cols, rows });
    },
  };
  const screen = {
    terminal,
    session: "s-1",
    proposeSize: () => ({ cols: 100, rows: 30 }),
    tellSize: (cols: number, rows: number) => void told.push(`${cols}x${rows}`),
  };
  return { screen, terminal, told };
}

test("a pane whose program took the size of another window keeps that until it is used again", () => {
  let lookAgain = () => {};
  vi.stubGlobal("window", { addEventListener: () => {} });
  vi.stubGlobal(
    "ResizeObserver",
    class {
      constructor(onChange: () => void) {
        lookAgain = onChange;
      }
      observe() {}
      disconnect() {}
    },
  );
  vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] });
  const { screen, terminal, told } = newScreen();
  const leaving = new AbortController();
  // As much of an element and of a screen as the size needs.
  const element = { clientWidth: 800, clientHeight: 600 } as HTMLElement;
  const { claim } = keepSize(screen as unknown as Screen, element, leaving.signal);
  claim();
  expect(told).toEqual(["100x30"]);

  terminal.resize(60, 20);
  lookAgain();
  vi.advanceTimersByTime(1000);
  expect([terminal.cols, terminal.rows]).toEqual([60, 20]);

  claim();
  expect([terminal.cols, terminal.rows]).toEqual([100, 30]);
  expect(told).toEqual(["100x30", "100x30"]);
  leaving.abort();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
