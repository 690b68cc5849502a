import { create } from "zustand";
import {
  type Layout,
  type Layouts,
  usualLayout,
  usualLayouts,
} from "../../../shared/model/layouts.ts";
import { type AppClient, call } from "../../client/connection.ts";
import { toastError } from "../../ui/toasts.tsx";
import { type LayoutsEvent, stepLayouts } from "./layout-machine.ts";

/** A drag of an edge changes the layout with each frame; it is kept when it rests. */
const KEEP_AFTER_MS = 300;

/** How this window's terminals are arranged; kept in the data folder, where the next window finds it. */
export const useLayouts = create<Layouts>(() => usualLayouts);

let isLoaded = false;
let isKept = true;
let timer: ReturnType<typeof setTimeout> | null = null;

export function changeLayouts(event: LayoutsEvent): void {
  const before = useLayouts.getState();
  const after = stepLayouts(before, event);
  if (after === before) return;
  useLayouts.setState(after, true);
  isKept = false;
  if (timer !== null) clearTimeout(timer);
  timer = setTimeout(keep, KEEP_AFTER_MS);
}

export function layoutNow(): Layout {
  return layoutOf(useLayouts.getState());
}

export function layoutOf({ tabs, shown }: Layouts): Layout {
  return tabs[shown]?.layout ?? usualLayout;
}

/** At the first connection of this window; what was changed while there was none is kept at the next. */
export async function loadLayouts(client: AppClient): Promise<void> {
  if (isLoaded) {
    if (!isKept) keep();
    return;
  }
  const { layouts, problem } = await client.call("window.layouts", {});
  isLoaded = true;
  if (problem !== null) toastError(new Error(problem));
  if (layouts && isKept) useLayouts.setState(layouts, true);
}

function keep(): void {
  timer = null;
  // What was there before is not known yet, and must not be lost for a first press.
  if (!isLoaded) return;
  const layouts = useLayouts.getState();
  call("window.keep-layouts", { layouts })
    .then(() => {
      isKept = useLayouts.getState() === layouts;
    })
    // The window says itself that the connection is lost; with the next one they are kept.
    .catch(() => undefined);
}
