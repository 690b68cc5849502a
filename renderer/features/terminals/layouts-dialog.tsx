import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { TextField } from "../../ui/field.tsx";
import { openLayouts } from "./grid-view-store.ts";
import { changeLayouts, useLayouts } from "./layout-store.ts";

/** The name of the tab in view, and the layouts that were saved by name. */
export function LayoutsDialog() {
  const { tabs, shown, saved } = useLayouts();
  const current = tabs[shown]?.name ?? "";
  const [name, setName] = useState(current);
  const trimmed = name.trim();
  const isKnown = saved.some((each) => each.name === trimmed);
  const close = () => openLayouts(false);
  const keep = () => {
    changeLayouts({ kind: "saved", name: trimmed });
    if (trimmed !== current) changeLayouts({ kind: "tab-renamed", tab: shown, name: trimmed });
  };
  return (
    <Dialog title="Saved layouts" onClose={close} width="max-w-lg">
      <form
        className="flex items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (trimmed !== "") keep();
        }}
      >
        <TextField
          label="Save how panes are arranged now as"
          required
          maxLength={40}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button
          disabled={trimmed === "" || trimmed === current}
          onClick={() => changeLayouts({ kind: "tab-renamed", tab: shown, name: trimmed })}
        >
          Name the tab only
        </Button>
        <Button kind="primary" type="submit" disabled={trimmed === ""}>
          {isKnown ? "Replace" : "Save"}
        </Button>
      </form>
      {saved.length === 0 ? (
        <p className="mt-4 text-muted">
          A saved layout opens in a tab of its name, in every window of this data folder.
        </p>
      ) : (
        <ul aria-label="Saved layouts" className="mt-4 flex flex-col gap-1">
          {saved.map((each) => (
            <li
              key={each.name}
              className="flex items-center gap-2 rounded-md bg-sunken px-3 py-1.5"
            >
              <span className="min-w-0 flex-1 truncate font-medium">{each.name}</span>
              <Button
                isSmall
                onClick={() => {
                  changeLayouts({ kind: "saved-opened", name: each.name });
                  close();
                }}
              >
                Open
              </Button>
              <Button
                isSmall
                kind="ghost"
                onClick={() => changeLayouts({ kind: "saved-removed", name: each.name })}
              >
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
