import { createContext, type PointerEvent } from "react";

export type Grip = (event: PointerEvent<HTMLElement>) => void;

/** By what the header of a pane is taken to another place. */
export const GripContext = createContext<Grip | null>(null);
