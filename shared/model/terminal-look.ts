import { z } from "zod";

const colour = z.string().regex(/^#[0-9a-f]{6}$/, "a colour is written like #1a2b3c");

/** Colours of a terminal, as a theme of another terminal has them. */
export const ColourScheme = z.strictObject({
  name: z.string().min(1).max(80),
  background: colour,
  foreground: colour,
  cursor: colour.optional(),
  selection: colour.optional(),
  /** Black, red, green, yellow, blue, magenta, cyan, white; then the bright ones. */
  colours: z.array(colour).length(16),
});
export type ColourScheme = z.infer<typeof ColourScheme>;

/** How terminals look and behave in every window of a data folder. */
export const TerminalLook = z.strictObject({
  version: z.literal(1),
  /** Pixels. */
  fontSize: z.number().int().min(8).max(24),
  /** Families as in CSS, before our own; null: ours alone. */
  font: z
    .string()
    .regex(/^[^{};<>\\]{1,300}$/, "name families as in CSS, with commas between")
    .nullable(),
  /** Null: ours. */
  light: ColourScheme.nullable(),
  dark: ColourScheme.nullable(),
  /** Text is never drawn with less contrast than this against its background; 1: as the program says. */
  contrast: z.number().min(1).max(21),
  /** Characters that the font joins are drawn as one, e.g. an arrow of two. Looks kept by older versions do not say. */
  hasLigatures: z.boolean().default(false),
  /** A program that rings shows it at its pane for a moment. */
  hasBell: z.boolean(),
  /** What is selected is copied at once. */
  isCopiedOnSelect: z.boolean(),
  /** The text of terminals stands where screen readers find it; costs time with every line of output. */
  isForScreenReader: z.boolean(),
});
export type TerminalLook = z.infer<typeof TerminalLook>;

/** The contrast is that of WCAG AA; programs choose their colours for other themes. */
export const usualLook: TerminalLook = {
  version: 1,
  fontSize: 12,
  font: null,
  light: null,
  dark: null,
  contrast: 4.5,
  hasLigatures: false,
  hasBell: true,
  isCopiedOnSelect: false,
  isForScreenReader: false,
};
