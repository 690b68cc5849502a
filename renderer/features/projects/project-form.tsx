import { useState } from "react";
import type { ProjectName } from "../../../shared/model/ids.ts";
import {
  ApprovePolicy,
  DEFAULT_STRATEGY,
  LandPolicy,
  type Project,
  Strategy,
} from "../../../shared/model/project.ts";
import { call } from "../../client/connection.ts";
import { Button } from "../../ui/button.tsx";
import { Checkbox, SelectField, TextArea, TextField } from "../../ui/field.tsx";
import { useAction } from "../../ui/use-action.ts";
import { readChecks, writeChecks } from "./read-checks.ts";

const DEFAULTS = {
  land: "merge",
  approve: "auto",
  strategy: DEFAULT_STRATEGY,
  maxWorkers: 6,
} as const;

/** Adds a project by its path, or changes the settings of `project`. */
export function ProjectForm({
  project,
  onDone,
  onCancel,
}: {
  readonly project: Project | null;
  readonly onDone: (name: ProjectName) => void;
  readonly onCancel?: () => void;
}) {
  const { run, isBusy } = useAction();
  const [isWithoutChecks, setIsWithoutChecks] = useState(project?.withoutChecks ?? false);
  const save = (form: FormData) =>
    run(async () => {
      const settings = readSettings(form, project, isWithoutChecks);
      const saved = project
        ? await call("project.set", { project: project.name, ...settings })
        : await call("project.add", { path: textOf(form, "path"), ...settings });
      onDone(saved.name);
    });
  return (
    <form
      // The core's own sentences say more than the browser's.
      noValidate
      className="flex flex-col gap-3.5"
      onSubmit={(event) => {
        event.preventDefault();
        save(new FormData(event.currentTarget));
      }}
    >
      {!project && (
        <TextField
          label="Path of the repository"
          name="path"
          isMono
          required
          placeholder="/home/me/code/app"
          hint="A folder with a git repository. Your own checkout in it is never touched without need."
        />
      )}
      <TextArea
        label="Checks, one command a line"
        name="checks"
        isMono
        rows={3}
        disabled={isWithoutChecks}
        defaultValue={project ? writeChecks(project.checks) : ""}
        placeholder={"unit: npm test\nlint: npm run lint"}
        hint="A commit may land when all of them exit with 0. “name: command” gives one a name."
      />
      <Checkbox className="text-muted" isChecked={isWithoutChecks} onChange={setIsWithoutChecks}>
        Land without any check
      </Checkbox>
      <details open={project !== null} className="group">
        <summary className="w-max rounded text-muted hover:text-ink">
          Target branch, workers, landing
        </summary>
        <div className="mt-3 flex flex-col gap-3.5">
          <div className="flex gap-3">
            <TextField
              label="Target branch"
              name="target"
              placeholder="the current branch"
              defaultValue={project?.target}
            />
            <TextField
              label="Workers at most"
              name="maxWorkers"
              type="number"
              min={1}
              max={100}
              defaultValue={project?.maxWorkers ?? DEFAULTS.maxWorkers}
            />
            <Choice
              label="Choose profiles by"
              name="strategy"
              options={Strategy.options}
              value={project?.strategy ?? DEFAULTS.strategy}
            />
          </div>
          <div className="flex gap-3">
            <Choice
              label="Land by"
              name="land"
              options={LandPolicy.options}
              value={project?.land ?? DEFAULTS.land}
            />
            <Choice
              label="Approval"
              name="approve"
              options={ApprovePolicy.options}
              value={project?.approve ?? DEFAULTS.approve}
            />
          </div>
        </div>
      </details>
      <div className="flex justify-end gap-2">
        {onCancel && <Button onClick={onCancel}>Cancel</Button>}
        <Button kind="primary" type="submit" disabled={isBusy}>
          {project ? "Save settings" : "Add project"}
        </Button>
      </div>
    </form>
  );
}

const optionTexts: Readonly<Record<string, string>> = {
  auto: "By itself when green",
  human: "After my approval",
  merge: "Merge commit",
  squash: "Squash",
  rebase: "Rebase",
  fill: "Fill in order",
  "round-robin": "Round robin",
  "least-loaded": "Least loaded",
  weighted: "By weight",
};

function Choice({
  label,
  name,
  options,
  value,
}: {
  readonly label: string;
  readonly name: string;
  readonly options: readonly string[];
  readonly value: string;
}) {
  return (
    <SelectField label={label} name={name} defaultValue={value}>
      {options.map((option) => (
        <option key={option} value={option}>
          {optionTexts[option] ?? option}
        </option>
      ))}
    </SelectField>
  );
}

function textOf(form: FormData, name: string): string {
  return String(form.get(name) ?? "").trim();
}

function readSettings(form: FormData, project: Project | null, withoutChecks: boolean) {
  const target = textOf(form, "target");
  return {
    ...(target === "" ? {} : { target }),
    // A disabled field is not in the form: what was there stays.
    ...(withoutChecks ? {} : { checks: readChecks(textOf(form, "checks"), project?.checks ?? []) }),
    withoutChecks,
    maxWorkers: Number(textOf(form, "maxWorkers")),
    strategy: Strategy.parse(textOf(form, "strategy")),
    land: LandPolicy.parse(textOf(form, "land")),
    approve: ApprovePolicy.parse(textOf(form, "approve")),
  };
}
