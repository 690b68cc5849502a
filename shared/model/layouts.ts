import { z } from "zod";

/** How a window's terminals are arranged: a place for a pane, or a row or column of such. */
export type Tree =
  | { readonly kind: "place" }
  | {
      readonly kind: "split";
      readonly axis: Axis;
      readonly parts: readonly Tree[];
      /** What each part has of the length, as parts of 1. */
      readonly shares: readonly number[];
    };
export const Axis = z.enum(["row", "column"]);
export type Axis = z.infer<typeof Axis>;

/** Nobody reads more terminals at once; the rest is in the strip. */
export const PLACES_MAX = 25;
/** No part gets less, so that each can be taken hold of again. */
export const SHARE_MIN = 0.02;

const Shares = z
  .array(
    z
      .number()
      .min(SHARE_MIN / 2)
      .max(1),
  )
  .max(100)
  .refine((shares) => Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 0.01);

export const Tree: z.ZodType<Tree> = z.lazy(() =>
  z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("place") }),
    z
      .object({ kind: z.literal("split"), axis: Axis, parts: z.array(Tree).min(2), shares: Shares })
      .refine(({ parts, shares }) => parts.length === shares.length),
  ]),
);

export const GRID_SIZES = [1, 2, 4, 9, 16, 25] as const;
export const COLUMN_COUNTS = [1, 2, 3, 4, 5] as const;

export const Shape = z.discriminatedUnion("kind", [
  /** As many columns as the panes need, up to 25 panes. */
  z.object({ kind: z.literal("auto") }),
  /** At most so many panes. */
  z.object({ kind: z.literal("grid"), panes: z.literal(GRID_SIZES) }),
  /** All of them, in so many columns, scrolled. */
  z.object({ kind: z.literal("columns"), columns: z.literal(COLUMN_COUNTS) }),
  /** The one that has the focus. */
  z.object({ kind: z.literal("focus") }),
  /** As a person split it. */
  z.object({ kind: z.literal("custom"), tree: Tree }),
]);
export type Shape = z.infer<typeof Shape>;

export const GROUPINGS = ["none", "project", "plan", "profile", "state"] as const;
export const Grouping = z.enum(GROUPINGS);
export type Grouping = z.infer<typeof Grouping>;

export const Layout = z.object({
  shape: Shape,
  /** Of the rows and columns of a shape that makes its own tree, by their axis and number, e.g. `row-3`. */
  shares: z.record(z.string().max(20), Shares),
  /** Who is where in reading order, by task or session; empty: nobody was moved. A null is a place that is free. */
  seats: z.array(z.string().max(40).nullable()).max(500),
  grouping: Grouping,
  /** Only the panes of one group. */
  only: z.object({ by: Grouping, key: z.string().max(300) }).nullable(),
  isDoneHidden: z.boolean(),
});
export type Layout = z.infer<typeof Layout>;

export const TABS_MAX = 12;
export const SAVED_MAX = 50;
export const LayoutName = z.string().trim().min(1).max(40);
export const NamedLayout = z.object({ name: LayoutName, layout: Layout });
export type NamedLayout = z.infer<typeof NamedLayout>;

/** The layouts of a window's terminals, as `layouts.json` in the data folder keeps them. */
export const Layouts = z
  .object({
    version: z.literal(1),
    tabs: z.array(NamedLayout).min(1).max(TABS_MAX),
    /** Which of the tabs is shown. */
    shown: z.number().int().nonnegative(),
    saved: z.array(NamedLayout).max(SAVED_MAX),
    /** The focus goes to what needs the person, while nobody types. */
    isFollowing: z.boolean(),
  })
  .refine(({ tabs, shown }) => shown < tabs.length);
export type Layouts = z.infer<typeof Layouts>;

export const usualLayout: Layout = {
  shape: { kind: "auto" },
  shares: {},
  seats: [],
  grouping: "none",
  only: null,
  isDoneHidden: false,
};

export const usualLayouts: Layouts = {
  version: 1,
  tabs: [{ name: "All", layout: usualLayout }],
  shown: 0,
  saved: [],
  isFollowing: false,
};
