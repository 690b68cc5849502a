import { useEffect, useState } from "react";
import type { ProfileName } from "../../../shared/model/ids.ts";
import { PlanTier } from "../../../shared/model/profile.ts";
import { call } from "../../client/connection.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField, TextField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format-amount.ts";
import { toastDone, toastError } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/use-action.ts";

interface Found {
  readonly dir: string;
  readonly name: ProfileName;
  readonly source: string;
  readonly problem: string | null;
}

export function ImportProfilesDialog({ onClose }: { readonly onClose: () => void }) {
  const [found, setFound] = useState<readonly Found[] | null>(null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [other, setOther] = useState("");
  const [plan, setPlan] = useState<PlanTier | null>(null);
  const { run, isBusy } = useAction();
  useEffect(() => {
    call("profile.find", {}).then((folders) => {
      setFound(folders);
      setChosen(folders.filter(({ problem }) => problem === null).map(({ dir }) => dir));
    }, toastError);
  }, []);
  const toggle = (dir: string) =>
    setChosen(chosen.includes(dir) ? chosen.filter((each) => each !== dir) : [...chosen, dir]);

  const dirs = other.trim() === "" ? chosen : [...chosen, other.trim()];

  return (
    <Dialog
      title="Import profiles"
      width="max-w-2xl"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            disabled={isBusy || dirs.length === 0}
            onClick={() =>
              run(async () => {
                const made = await call("profile.import", {
                  dirs: [...dirs],
                  ...(plan === null ? {} : { plan }),
                });
                toastDone(`${formatCount(made.length, "profile")} imported.`);
                onClose();
              })
            }
          >
            Import {dirs.length > 0 ? dirs.length : ""}
          </Button>
        </>
      }
    >
      <p className="mb-3 text-muted">
        Folders that look like Claude profiles. They stay where they are; nothing in them is read or
        changed.
      </p>
      {found === null && <p className="text-muted">Looking…</p>}
      {found?.length === 0 && (
        <p>No profile folders were found. Name one, or add a new one instead.</p>
      )}
      <ul className="flex flex-col gap-1">
        {found?.map((folder) => (
          <li key={folder.dir}>
            <label className="flex items-center gap-3 rounded-md border border-line px-3 py-2 hover:bg-hover">
              <input
                type="checkbox"
                disabled={folder.problem !== null}
                checked={chosen.includes(folder.dir)}
                onChange={() => toggle(folder.dir)}
              />
              <span className="min-w-0 flex-1">
                <span className="block font-medium">{folder.name}</span>
                <span className="block truncate font-mono text-faint text-xs">{folder.dir}</span>
                {folder.source !== folder.dir && (
                  <span className="block truncate text-faint text-xs">
                    named by <span className="font-mono">{folder.source}</span>
                  </span>
                )}
                {folder.problem && (
                  <span className="block text-warn text-xs">{folder.problem}</span>
                )}
              </span>
            </label>
          </li>
        ))}
      </ul>
      {found && (
        <div className="mt-3 grid grid-cols-[minmax(0,1fr)_10rem] gap-3">
          <TextField
            label="Another one"
            isMono
            placeholder="A config folder, or a script that sets CLAUDE_CONFIG_DIR"
            value={other}
            onChange={(event) => setOther(event.target.value)}
          />
          <SelectField
            label="Their plan"
            value={plan ?? ""}
            onChange={(event) => setPlan(PlanTier.safeParse(event.target.value).data ?? null)}
          >
            <option value="">as each login says</option>
            {PlanTier.options.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </SelectField>
        </div>
      )}
    </Dialog>
  );
}
