import type { AppContract } from "../../shared/contract/app-contract.ts";
import type { Output } from "../../shared/contract/rpc.ts";
import {
  type Grouping,
  type Layout,
  type Layouts,
  type Shape,
  usualLayout,
  usualLayouts,
} from "../../shared/model/layouts.ts";
import { planKeys } from "../../shared/model/plan-keys.ts";

/** `?state=focus`, `grid-9`, `by-profile`, …; null: as nobody has arranged them yet. */
export function inventLayouts(state: string): Layouts | null {
  const only = (more: Partial<Layout>): Layouts => ({
    ...usualLayouts,
    tabs: [{ name: "All", layout: { ...usualLayout, ...more } }],
  });
  const grouping = /^by-(\w+)$/.exec(state)?.[1];
  // The states of this fixture name groupings that there are.
  if (grouping) return only({ grouping: grouping as Grouping });
  if (state === "focus") return only({ shape: { kind: "focus" } });
  if (state === "grid-9") return only({ shape: { kind: "grid", panes: 9 } });
  if (state === "columns-4") return only({ shape: { kind: "columns", columns: 4 } });
  return state === "split" ? tabs : null;
}

const place = { kind: "place" } as const;
const split: Shape = {
  kind: "custom",
  tree: {
    kind: "split",
    axis: "row",
    shares: [0.62, 0.38],
    parts: [
      place,
      { kind: "split", axis: "column", shares: [0.3, 0.4, 0.3], parts: [place, place, place] },
    ],
  },
};
const tabs: Layouts = {
  ...usualLayouts,
  tabs: [
    { name: "Front", layout: { ...usualLayout, shape: split } },
    { name: "All", layout: usualLayout },
    { name: "Needs input", layout: { ...usualLayout, only: { by: "state", key: "Needs input" } } },
  ],
  saved: [
    { name: "Front", layout: { ...usualLayout, shape: split } },
    { name: "Evening watch", layout: { ...usualLayout, shape: { kind: "grid", panes: 9 } } },
  ],
};

export function inventKeys(state: string): Output<AppContract, "window.keys"> {
  const file = "/home/you/.local/share/switchyard/keys.yaml";
  const { keys, conflicts } =
    state === "own-keys"
      ? planKeys({ broadcast: "Mod+Shift+M", "follow-need": "F8" })
      : planKeys({});
  const problem =
    state === "bad-keys"
      ? `${file}:3: keys.reply: "Mod+R" is not right. These keys belong to the program in a terminal; the app has Mod+Shift+…, Alt+1 to Alt+9, F1 to F12, Mod+Tab, Mod with +, - or 0, and a sign such as ?.`
      : null;
  return { file, keys: { ...keys }, conflicts: [...conflicts], problem };
}
