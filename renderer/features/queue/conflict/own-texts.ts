import { create } from "zustand";
import {
  type ConflictFile,
  type ConflictView,
  isPlace,
} from "../../../../shared/model/conflict-view.ts";
import type { EntryId } from "../../../../shared/model/ids.ts";

/** A place at which a person writes lines of their own, by what the branch has there: that stays while the target moves. */
export interface OwnSpot {
  readonly entry: EntryId;
  readonly path: string;
  /** What the branch has there, and how many places of the file before it have the same. */
  readonly branch: string;
  readonly nth: number;
}

export interface OwnText extends OwnSpot {
  readonly text: string;
}

/** What is being written and not kept as a choice yet, for as long as the window lives. */
const useTexts = create<{ readonly texts: readonly OwnText[] }>(() => ({ texts: [] }));

/** Null where nothing is being written. */
export function useOwnText(spot: OwnSpot): string | null {
  return useTexts(({ texts }) => texts.find((each) => isAt(each, spot))?.text ?? null);
}

export function useOwnTexts(): readonly OwnText[] {
  return useTexts(({ texts }) => texts);
}

/** Null closes it. */
export function writeOwnText(spot: OwnSpot, text: string | null): void {
  useTexts.setState(({ texts }) => {
    const others = texts.filter((each) => !isAt(each, spot));
    return { texts: text === null ? others : [...others, { ...spot, text }] };
  });
}

/** Of the places of a file, in order. */
export function spotsOf(entry: EntryId, { path, parts }: ConflictFile): readonly OwnSpot[] {
  const places = parts.filter(isPlace);
  return places.map(({ branch }, at) => {
    const nth = places.slice(0, at).filter((each) => each.branch === branch).length;
    return { entry, path, branch, nth };
  });
}

/** What was being written at places that are no more, or others, since the target moved. */
export function findStranded(
  { entry, files }: Pick<ConflictView, "entry" | "files">,
  texts: readonly OwnText[],
): readonly OwnText[] {
  const spots = files.flatMap((file) => spotsOf(entry, file));
  return texts.filter((each) => each.entry === entry && !spots.some((spot) => isAt(each, spot)));
}

function isAt(text: OwnSpot, spot: OwnSpot): boolean {
  const isSamePlace = text.path === spot.path && text.branch === spot.branch;
  return isSamePlace && text.entry === spot.entry && text.nth === spot.nth;
}
