import type { InboxKind } from "../../../shared/model/inbox.ts";
import type { StateLook } from "../../mirror/state-look.ts";

/** How the kinds of things that wait are told apart: a word, a shape, a tone. */
export const itemLook: Readonly<Record<InboxKind, StateLook>> = {
  permission: { word: "Permission", tone: "warn", shape: "triangle" },
  gate: { word: "Destructive command", tone: "bad", shape: "triangle" },
  question: { word: "Question", tone: "busy", shape: "question" },
  plan: { word: "Plan", tone: "review", shape: "eye" },
  dialog: { word: "Dialog", tone: "warn", shape: "square" },
  blocked: { word: "Blocked", tone: "warn", shape: "pause" },
  stuck: { word: "Stuck", tone: "bad", shape: "cross" },
  watchdog: { word: "Astray?", tone: "warn", shape: "clock" },
  review: { word: "Review", tone: "review", shape: "diamond" },
};
