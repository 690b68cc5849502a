import type { ProfileColour } from "../../shared/model/profile.ts";
import { useMirror } from "./mirror.ts";

/** Angles of one lightness and chroma, far enough apart to be told from each other. */
export const HUES: Readonly<Record<ProfileColour, number>> = {
  red: 25,
  orange: 50,
  amber: 80,
  green: 145,
  teal: 180,
  cyan: 215,
  blue: 255,
  violet: 295,
  pink: 345,
};

/** The colour chosen for a profile; undefined: it follows from its name. */
export function useProfileHue(name: string | null | undefined): number | undefined {
  return useMirror(({ profiles }) => {
    const colour = profiles.find((each) => each.name === name)?.colour ?? null;
    return colour === null ? undefined : HUES[colour];
  });
}
