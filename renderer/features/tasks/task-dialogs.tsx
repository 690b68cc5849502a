import { useState } from "react";
import { PlanId, type ProjectName } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Checkbox, SelectField, TextArea, TextField } from "../../ui/field.tsx";
import { formatCount } from "../../ui/format-amount.ts";
import { toastDone } from "../../ui/toasts.tsx";
import { useAction } from "../../ui/use-action.ts";
import { TaskForm } from "./task-form.tsx";
import { openTaskDialog, useTasksView } from "./tasks-view-store.ts";

/** The dialog that is open, from whatever view it was asked for. */
export function TaskDialogs({ project }: { readonly project: ProjectName }) {
  const dialog = useTasksView((view) => view.dialog);
  const tasks = useMirror((mirror) => mirror.tasks);
  const close = () => openTaskDialog(null);
  if (!dialog) return null;
  switch (dialog.kind) {
    case "new-task":
      return <TaskForm project={project} task={null} onClose={close} />;
    case "edit-task": {
      const task = tasks.find((each) => each.id === dialog.task);
      return task ? <TaskForm project={project} task={task} onClose={close} /> : null;
    }
    case "new-plan":
      return <NewPlan project={project} onClose={close} />;
    case "import":
      return <ImportList project={project} onClose={close} />;
    default:
      return unreachable(dialog);
  }
}

interface Props {
  readonly project: ProjectName;
  readonly onClose: () => void;
}

function NewPlan({ project, onClose }: Props) {
  const [title, setTitle] = useState("");
  const [isDraft, setIsDraft] = useState(false);
  const { run, isBusy } = useAction();
  return (
    <Dialog
      title="New plan"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="plan-form" disabled={isBusy}>
            Create plan
          </Button>
        </>
      }
    >
      <form
        id="plan-form"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          run(async () => {
            await call("plan.create", { project, title: title.trim(), isDraft });
            onClose();
          });
        }}
      >
        <TextField
          label="Title"
          required
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
        <Checkbox isChecked={isDraft} onChange={setIsDraft}>
          Keep it a draft: none of its tasks goes out until it is activated
        </Checkbox>
      </form>
    </Dialog>
  );
}

const EXAMPLE = `- [ ] Add a rate limit to the login form
  Five tries a minute for one address; answer 429 after that.
- [ ] Show the time of the last sign-in`;

function ImportList({ project, onClose }: Props) {
  const plans = useMirror((mirror) => mirror.plans).filter((plan) => plan.project === project);
  const [text, setText] = useState("");
  const [plan, setPlan] = useState("");
  /** Why the core would not take this list the first time; pressed again it takes it. */
  const [doubles, setDoubles] = useState<string | null>(null);
  const { run, isBusy } = useAction();
  const count = text.split("\n").filter((line) => /^\s*[-*] \[ \] /.test(line)).length;
  return (
    <Dialog
      title="Import a list"
      width="max-w-2xl"
      onClose={onClose}
      footer={
        <>
          <span className="mr-auto text-muted text-xs">
            {formatCount(count, "open task")} found
          </span>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="primary"
            disabled={isBusy || count === 0}
            onClick={() =>
              run(async () => {
                const target = plan === "" ? {} : { plan: PlanId.parse(plan) };
                const again = doubles === null ? {} : { isAgain: true };
                try {
                  const made = await call("task.import", { project, text, ...target, ...again });
                  toastDone(`${formatCount(made.length, "task")} imported.`);
                  onClose();
                } catch (error) {
                  if (!(error instanceof SwitchyardError) || error.code !== "name-taken")
                    throw error;
                  setDoubles(error.message);
                }
              })
            }
          >
            {doubles === null ? "Import" : "Import all the same"}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <TextArea
          label="The list, as in TASKS.md"
          isMono
          rows={12}
          value={text}
          placeholder={EXAMPLE}
          hint="A line that starts with “- [ ]” becomes a task; indented lines below it are its body."
          onChange={(event) => {
            setText(event.target.value);
            setDoubles(null);
          }}
        />
        {doubles !== null && (
          <p role="alert" className="rounded-md border border-warn/40 bg-warn/10 px-3 py-2">
            {doubles} Take them out of the list, or import all of it once more.
          </p>
        )}
        <SelectField label="Plan" value={plan} onChange={(event) => setPlan(event.target.value)}>
          <option value="">No plan</option>
          {plans.map((each) => (
            <option key={each.id} value={each.id}>
              {each.title}
            </option>
          ))}
        </SelectField>
      </div>
    </Dialog>
  );
}
