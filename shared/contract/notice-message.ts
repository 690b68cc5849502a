import { z } from "zod";

/** One notification of the system, as a page of the desktop shell asks for it; one with the same tag takes its place. */
export const NoticeMessage = z.strictObject({
  tag: z.string().min(1).max(300),
  title: z.string().max(300),
  text: z.string().max(2_000),
  /** What stands on its buttons, in their order. */
  acts: z.array(z.string().min(1).max(40)).max(3),
  /** What stands in its field for an answer while that is empty; null: it has none. */
  reply: z.string().max(80).nullable(),
});
export type NoticeMessage = z.infer<typeof NoticeMessage>;

/** What a page tells the desktop shell about notifications. */
export const NoticeOrder = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("show"), notice: NoticeMessage }),
  /** Nobody needs it any more. */
  z.strictObject({ kind: z.literal("take-away"), tag: NoticeMessage.shape.tag }),
]);
export type NoticeOrder = z.infer<typeof NoticeOrder>;

/** What a person did with a notification. `act` is the index of a button. */
export type NoticePress =
  | { readonly kind: "open" }
  | { readonly kind: "act"; readonly act: number }
  | { readonly kind: "reply"; readonly text: string };

export interface NoticePressed {
  readonly tag: string;
  readonly press: NoticePress;
}
