import type { Grouping } from "../../../shared/model/layouts.ts";

export const groupingWords: Readonly<Record<Grouping, string>> = {
  none: "No groups",
  project: "By project",
  plan: "By plan",
  profile: "By profile",
  state: "By state",
};
