import { useState } from "react";
import { CHECK_TIMEOUT_MS } from "../../../shared/model/check.ts";
import { PlanId, ProfileName, type ProjectName, TaskId } from "../../../shared/model/ids.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { DEFAULT_PRIORITY, type Task } from "../../../shared/model/task.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { SelectField, TextArea, TextField } from "../../ui/field.tsx";
import { useAction } from "../../ui/use-action.ts";
import { selectTask } from "./tasks-view-store.ts";

/** Makes a new task, or changes `task`. */
export function TaskForm({
  project,
  task,
  onClose,
}: {
  readonly project: ProjectName;
  readonly task: Task | null;
  readonly onClose: () => void;
}) {
  const plans = useMirror((mirror) => mirror.plans).filter(
    (plan) => plan.project === project && plan.state !== "cancelled",
  );
  const profiles = useMirror((mirror) => mirror.profiles);
  const { run, isBusy } = useAction();
  const [isDetailed, setIsDetailed] = useState(task !== null);

  const save = (form: FormData) =>
    run(async () => {
      const fields = readFields(form, isDetailed);
      const title = text(form, "title");
      if (task) await call("task.edit", { task: task.id, title, ...fields });
      else {
        const plan = text(form, "plan");
        const made = await call("task.create", {
          project,
          title,
          ...(plan === "" ? {} : { plan: PlanId.parse(plan) }),
          ...fields,
        });
        selectTask(made.id);
      }
      onClose();
    });

  return (
    <Dialog
      title={task ? `Edit ${task.id}` : "New task"}
      width="max-w-2xl"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="task-form" disabled={isBusy}>
            {task ? "Save" : "Create task"}
          </Button>
        </>
      }
    >
      <form
        id="task-form"
        className="flex flex-col gap-3.5"
        onSubmit={(event) => {
          event.preventDefault();
          save(new FormData(event.currentTarget));
        }}
      >
        <TextField
          label="Title"
          name="title"
          required
          maxLength={200}
          defaultValue={task?.title}
          placeholder="What should be done, in one line"
        />
        <TextArea
          label="Body"
          name="body"
          rows={7}
          defaultValue={task?.body}
          hint="The worker reads this word for word."
        />
        <div className="flex gap-3">
          <SelectField
            label="Priority"
            name="priority"
            defaultValue={String(task?.priority ?? DEFAULT_PRIORITY)}
          >
            <option value="1">1, most urgent</option>
            <option value="2">2</option>
            <option value="3">3</option>
            <option value="4">4</option>
            <option value="5">5, least</option>
          </SelectField>
          {!task && (
            <SelectField label="Plan" name="plan" defaultValue="">
              <option value="">No plan: goes out at once</option>
              {plans.map((plan) => (
                <option key={plan.id} value={plan.id}>
                  {plan.title} ({plan.state})
                </option>
              ))}
            </SelectField>
          )}
          <TextField
            label="After"
            name="after"
            placeholder="t-3, t-4"
            defaultValue={task?.after.join(", ")}
          />
        </div>
        {!isDetailed && (
          <Button kind="ghost" className="self-start" onClick={() => setIsDetailed(true)}>
            More: checks, paths, profile, model, labels
          </Button>
        )}
        {isDetailed && (
          <>
            <TextArea
              label="Its own checks, one command a line"
              name="checks"
              isMono
              rows={2}
              defaultValue={task?.acceptance.map((check) => check.run).join("\n")}
              hint="They run on top of the project's checks."
            />
            <div className="flex gap-3">
              <SelectField label="Profile" name="profile" defaultValue={task?.pinnedProfile ?? ""}>
                <option value="">Any with room</option>
                {profiles.map((profile) => (
                  <option key={profile.name}>{profile.name}</option>
                ))}
              </SelectField>
              <TextField
                label="Model"
                name="model"
                placeholder="The profile's default"
                defaultValue={task?.model ?? ""}
              />
            </div>
            <div className="flex gap-3">
              <TextField
                label="Paths it means to touch"
                name="paths"
                isMono
                placeholder="src/login/**"
                defaultValue={task?.paths.join(" ")}
              />
              <TextField
                label="Labels"
                name="labels"
                placeholder="backend, login"
                defaultValue={task?.labels.join(", ")}
              />
            </div>
          </>
        )}
      </form>
    </Dialog>
  );
}

function text(form: FormData, name: string): string {
  return String(form.get(name) ?? "").trim();
}

function words(form: FormData, name: string): string[] {
  return text(form, name)
    .split(/[\s,]+/)
    .filter(Boolean);
}

function parseTaskId(id: string): TaskId {
  const parsed = TaskId.safeParse(id);
  if (parsed.success) return parsed.data;
  throw new SwitchyardError(
    "bad-input",
    `“${id}” is no task.`,
    "Name tasks like t-7, with commas between them.",
  );
}

/** What the person did not see is left as it is. */
function readFields(form: FormData, isDetailed: boolean) {
  const basic = {
    body: text(form, "body"),
    priority: Number(text(form, "priority")),
    after: words(form, "after").map(parseTaskId),
  };
  if (!isDetailed) return basic;
  const profile = text(form, "profile");
  const commands = text(form, "checks")
    .split("\n")
    .filter((line) => line.trim() !== "");
  return {
    ...basic,
    pinnedProfile: profile === "" ? null : ProfileName.parse(profile),
    model: text(form, "model") || null,
    paths: words(form, "paths"),
    labels: text(form, "labels")
      .split(",")
      .map((label) => label.trim())
      .filter(Boolean),
    acceptance: commands.map((run, index) => ({
      name: `check ${index + 1}`,
      run: run.trim(),
      timeoutMs: CHECK_TIMEOUT_MS,
    })),
  };
}
