import { COLUMN_COUNTS, GRID_SIZES, GROUPINGS, type Shape } from "../../shared/model/layouts.ts";
import { openBroadcast } from "../features/terminals/broadcast-store.ts";
import {
  closePlace,
  focusNext,
  focusSide,
  leavePane,
  movePane,
  resizePane,
  splitPane,
} from "../features/terminals/grid-acts.ts";
import {
  leaveMaximised,
  openLayouts,
  toggleSessionList,
} from "../features/terminals/grid-view-store.ts";
import { changeLayouts, layoutNow, useLayouts } from "../features/terminals/layout-store.ts";
import { groupingWords } from "../features/terminals/layout-words.ts";
import { keysOf, setLocked, useKeymap } from "../terminal/keymap.ts";
import { formatCount } from "../ui/format-amount.ts";
import { type Command, make } from "./command.ts";
import { showView } from "./view-store.ts";

/** Everything that arranges the terminals, and that moves among them. */
export function gridCommands(): readonly Command[] {
  return [...paneWays(), ...layoutCommands(), ...tabCommands(), ...modeCommands()];
}

const one = (id: Parameters<typeof keysOf>[0], title: string, run: () => void) =>
  make("Terminals", id, title, run, keysOf(id));

function paneWays(): readonly Command[] {
  return [
    one("next-pane", "Next pane", () => focusNext(1)),
    one("previous-pane", "Previous pane", () => focusNext(-1)),
    one("pane-left", "The pane on the left", () => focusSide("left")),
    one("pane-right", "The pane on the right", () => focusSide("right")),
    one("pane-above", "The pane above", () => focusSide("top")),
    one("pane-below", "The pane below", () => focusSide("bottom")),
    one("leave-pane", "Out of the terminal to its buttons, and back", leavePane),
    one("split", "Split the pane", () => splitPane("right")),
    one("split-below", "Split the pane below", () => splitPane("bottom")),
    one("close-place", "Close the pane's place", closePlace),
    one("move-earlier", "Move the pane one place earlier", () => movePane(-1)),
    one("move-later", "Move the pane one place later", () => movePane(1)),
    one("wider", "Make the pane wider", () => resizePane("row", 1)),
    one("narrower", "Make the pane narrower", () => resizePane("row", -1)),
    one("taller", "Make the pane taller", () => resizePane("column", 1)),
    one("lower", "Make the pane lower", () => resizePane("column", -1)),
    one("even-out", "Make all panes the same size", () => changeLayouts({ kind: "evened-out" })),
  ];
}

function layoutCommands(): readonly Command[] {
  const arrange = (id: string, words: string, shape: Shape) =>
    make("Terminals", id, `Arrange panes ${words}`, () => {
      leaveMaximised();
      changeLayouts({ kind: "shape-chosen", shape });
    });
  return [
    arrange("arrange-auto", "automatically", { kind: "auto" }),
    arrange("arrange-focus", "as one and a strip", { kind: "focus" }),
    ...GRID_SIZES.map((panes) =>
      arrange(`arrange-${panes}`, `up to ${panes}`, { kind: "grid", panes }),
    ),
    ...COLUMN_COUNTS.map((columns) =>
      arrange(`columns-${columns}`, `in ${formatCount(columns, "column")}`, {
        kind: "columns",
        columns,
      }),
    ),
    ...GROUPINGS.map((grouping) =>
      make("Terminals", `group-${grouping}`, `Group panes: ${groupingWords[grouping]}`, () =>
        changeLayouts({ kind: "grouped", grouping }),
      ),
    ),
  ];
}

function tabCommands(): readonly Command[] {
  const { tabs, shown, saved } = useLayouts.getState();
  const turn = (by: 1 | -1) => () =>
    changeLayouts({ kind: "tab-shown", tab: (shown + by + tabs.length) % tabs.length });
  return [
    one("next-tab", "Next tab of terminals", turn(1)),
    one("previous-tab", "Previous tab of terminals", turn(-1)),
    one("new-tab", "New tab of terminals", () =>
      changeLayouts({ kind: "tab-added", name: "Layout", layout: null }),
    ),
    ...(tabs.length > 1
      ? [
          make("Terminals", "close-tab", "Close the tab of terminals", () =>
            changeLayouts({ kind: "tab-closed", tab: shown }),
          ),
        ]
      : []),
    make("Terminals", "layouts", "Save or name the layout", () => {
      showView("terminals");
      openLayouts(true);
    }),
    ...saved.map(({ name }) =>
      make("Terminals", `layout-${name}`, `Open the layout ${name}`, () => {
        showView("terminals");
        changeLayouts({ kind: "saved-opened", name });
      }),
    ),
  ];
}

function modeCommands(): readonly Command[] {
  const { isFollowing } = useLayouts.getState();
  const { isDoneHidden } = layoutNow();
  const { isLocked } = useKeymap.getState();
  return [
    one(
      "follow-need",
      isFollowing ? "Follow what needs you: off" : "Follow what needs you: on",
      () => changeLayouts({ kind: "follow-set", isFollowing: !isFollowing }),
    ),
    one("hide-done", isDoneHidden ? "Show what is done" : "Hide what is done", () =>
      changeLayouts({ kind: "done-hidden", isHidden: !isDoneHidden }),
    ),
    one("session-list", "Show or hide the session list", toggleSessionList),
    one("broadcast", "Write to several terminals", () => {
      showView("terminals");
      openBroadcast(true);
    }),
    one("lock", isLocked ? "Keys: back to the app" : "Keys: every one to the pane", () =>
      setLocked(!isLocked),
    ),
  ];
}
