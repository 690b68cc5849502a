import { Bookmark, Crosshair, EyeOff, Lock, Megaphone, PanelLeft, Plus, X } from "lucide-react";
import {
  COLUMN_COUNTS,
  GRID_SIZES,
  GROUPINGS,
  type Grouping,
  type Shape,
  TABS_MAX,
} from "../../../shared/model/layouts.ts";
import { isLive } from "../../../shared/model/session.ts";
import { setLocked, useKeymap } from "../../terminal/keymap.ts";
import { IconButton } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { formatCount } from "../../ui/format-amount.ts";
import { KeyHint } from "../../ui/key-hint.tsx";
import { openBroadcast } from "./broadcast-store.ts";
import {
  dismissPanes,
  leaveMaximised,
  openLayouts,
  toggleSessionList,
  useGridView,
} from "./grid-view-store.ts";
import { changeLayouts, layoutOf, useLayouts } from "./layout-store.ts";
import { groupingWords } from "./layout-words.ts";
import type { Grid } from "./use-grid.ts";

/** How the panes are arranged, and the tabs of other arrangements. */
export function LayoutBar({ grid }: { readonly grid: Grid }) {
  const { isDoneHidden } = useLayouts(layoutOf);
  const isFollowing = useLayouts(({ isFollowing: follows }) => follows);
  const isListOpen = useGridView((view) => view.isListOpen);
  return (
    <div className="flex h-9 shrink-0 items-center gap-2 px-2 text-muted text-xs">
      <IconButton
        label="Session list"
        isSmall
        isPressed={isListOpen}
        aria-expanded={isListOpen}
        onClick={toggleSessionList}
      >
        <PanelLeft size={14} />
      </IconButton>
      <LayoutTabs />
      <LockBadge />
      <Counts grid={grid} />
      <div className="ml-auto flex shrink-0 items-center gap-1.5">
        <GroupChoice />
        <ShapeChoice />
        <span aria-hidden="true" className="h-4 w-px bg-line" />
        <IconButton
          label="Hide what is done"
          isSmall
          isPressed={isDoneHidden}
          onClick={() => changeLayouts({ kind: "done-hidden", isHidden: !isDoneHidden })}
        >
          <EyeOff size={14} />
        </IconButton>
        <IconButton
          label="Follow what needs you"
          isSmall
          isPressed={isFollowing}
          onClick={() => changeLayouts({ kind: "follow-set", isFollowing: !isFollowing })}
        >
          <Crosshair size={14} />
        </IconButton>
        <IconButton label="Write to several terminals" isSmall onClick={() => openBroadcast(true)}>
          <Megaphone size={14} />
        </IconButton>
        <IconButton label="Saved layouts" isSmall onClick={() => openLayouts(true)}>
          <Bookmark size={14} />
        </IconButton>
      </div>
    </div>
  );
}

/** That the app hears no key, and the ways out: these keys, or a press. */
function LockBadge() {
  const isLocked = useKeymap((keymap) => keymap.isLocked);
  const keys = useKeymap((keymap) => keymap.keys.lock);
  if (!isLocked) return null;
  return (
    <button
      type="button"
      onClick={() => setLocked(false)}
      className="flex h-6 shrink-0 items-center gap-1.5 rounded-md bg-review px-2 font-semibold text-canvas"
    >
      <Lock size={13} aria-hidden="true" />
      Every key goes to the pane; unlock
      {keys !== null && <KeyHint keys={keys} />}
    </button>
  );
}

function LayoutTabs() {
  const tabs = useLayouts((layouts) => layouts.tabs);
  const shown = useLayouts((layouts) => layouts.shown);
  return (
    <nav
      aria-label="Layouts"
      className="flex min-w-0 items-center gap-0.5 overflow-x-auto [scrollbar-width:none]"
    >
      {tabs.map(({ name }, tab) => (
        <span
          key={name}
          className={classNames(
            "flex h-6 shrink-0 items-center rounded-md",
            tab === shown ? "bg-hover font-semibold text-ink" : "hover:bg-hover",
          )}
        >
          <button
            type="button"
            aria-current={tab === shown}
            onClick={() => changeLayouts({ kind: "tab-shown", tab })}
            onDoubleClick={() => openLayouts(true)}
            className="h-full max-w-32 truncate rounded-md px-2 -outline-offset-2"
          >
            {name}
          </button>
          {tabs.length > 1 && tab === shown && (
            <IconButton
              label={`Close the tab ${name}`}
              isSmall
              className="-ml-1.5"
              onClick={() => changeLayouts({ kind: "tab-closed", tab })}
            >
              <X size={12} />
            </IconButton>
          )}
        </span>
      ))}
      {tabs.length < TABS_MAX && (
        <IconButton
          label="New tab of terminals"
          isSmall
          onClick={() => changeLayouts({ kind: "tab-added", name: "Layout", layout: null })}
        >
          <Plus size={13} />
        </IconButton>
      )}
    </nav>
  );
}

function Counts({ grid: { panes, hidden, isMaximised } }: { readonly grid: Grid }) {
  const { only } = useLayouts(layoutOf);
  const ended = panes.filter(({ state }) => !isLive(state)).map(({ id }) => id);
  return (
    <span className="flex min-w-0 items-center gap-2 overflow-hidden whitespace-nowrap text-faint">
      <span>{formatCount(panes.length - ended.length, "live terminal")}</span>
      {isMaximised && <span>one maximised</span>}
      {hidden > 0 && <span>{hidden} hidden</span>}
      {only && (
        <button
          type="button"
          onClick={() => changeLayouts({ kind: "narrowed", only: null })}
          className="rounded underline underline-offset-2"
        >
          Show all groups
        </button>
      )}
      {ended.length > 0 && (
        <button
          type="button"
          onClick={() => dismissPanes(ended)}
          className="rounded underline underline-offset-2"
        >
          Dismiss {formatCount(ended.length, "ended pane")}
        </button>
      )}
    </span>
  );
}

const choice = "h-6 rounded-md border border-line bg-surface px-1 text-xs";

function GroupChoice() {
  const { grouping } = useLayouts(layoutOf);
  return (
    <select
      aria-label="Group panes"
      value={grouping}
      onChange={({ target }) =>
        // The options below are the groupings.
        changeLayouts({ kind: "grouped", grouping: target.value as Grouping })
      }
      className={choice}
    >
      {GROUPINGS.map((each) => (
        <option key={each} value={each}>
          {groupingWords[each]}
        </option>
      ))}
    </select>
  );
}

function ShapeChoice() {
  const { shape } = useLayouts(layoutOf);
  const choose = (chosen: Shape) => {
    leaveMaximised();
    changeLayouts({ kind: "shape-chosen", shape: chosen });
  };
  const one = (label: string, text: string, chosen: Shape, isChosen: boolean) => (
    <button
      key={text}
      type="button"
      aria-pressed={isChosen}
      aria-label={label}
      title={label}
      onClick={() => choose(chosen)}
      className={classNames(
        "h-5.5 min-w-6 px-1.5 -outline-offset-2 hover:bg-hover",
        isChosen && "bg-hover font-semibold text-accent",
      )}
    >
      {text}
    </button>
  );
  return (
    <fieldset aria-label="Arrangement" className="flex shrink-0 items-center gap-1.5">
      <div className="flex overflow-hidden rounded-md border border-line bg-surface">
        {one("Auto: as many columns as fit", "Auto", { kind: "auto" }, shape.kind === "auto")}
        {one(
          "Focus: one pane, the others in a strip",
          "Focus",
          { kind: "focus" },
          shape.kind === "focus",
        )}
        {GRID_SIZES.filter((panes) => panes > 1).map((panes) =>
          one(
            `Up to ${formatCount(panes, "pane")}`,
            String(panes),
            { kind: "grid", panes },
            shape.kind === "grid" && shape.panes === panes,
          ),
        )}
      </div>
      <select
        aria-label="Columns"
        value={shape.kind === "columns" ? shape.columns : shape.kind === "custom" ? "own" : ""}
        onChange={({ target }) => {
          const columns = COLUMN_COUNTS.find((count) => String(count) === target.value);
          if (columns) choose({ kind: "columns", columns });
        }}
        className={choice}
      >
        <option value="" disabled hidden>
          Columns
        </option>
        {shape.kind === "custom" && <option value="own">As you split it</option>}
        {COLUMN_COUNTS.map((columns) => (
          <option key={columns} value={columns}>
            {formatCount(columns, "column")}
          </option>
        ))}
      </select>
    </fieldset>
  );
}
