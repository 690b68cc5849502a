import { useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Checkbox, TextField } from "../../ui/field.tsx";
import { useAction } from "../../ui/use-action.ts";
import { NOTICE_KINDS, type NoticeKind } from "./notice-machine.ts";
import { setNotices, useNoticeSettings } from "./notice-settings.ts";

const kindTexts: Readonly<Record<NoticeKind, string>> = {
  "needs-you": "Something waits for you; told once more after two minutes",
  finished: "A task has landed",
  failed: "A task is stuck",
  limit: "A profile reached its limit or lost its sign-in",
  returned: "The merge queue returned a branch",
};

const NIGHT = { from: "22:00", to: "07:00" } as const;

/** What this window tells the person through the system, and when it keeps quiet. */
export function NotificationsDialog({ onClose }: { readonly onClose: () => void }) {
  const settings = useNoticeSettings();
  const { isOn, off, quiet, isWhole } = settings;
  const choose = (kind: NoticeKind, isWanted: boolean) =>
    setNotices({ off: isWanted ? off.filter((each) => each !== kind) : [...off, kind] });
  return (
    <Dialog title="Notifications" onClose={onClose}>
      <div className="flex flex-col gap-4">
        <Permission />
        <Checkbox isChecked={isOn} onChange={(value) => setNotices({ isOn: value })}>
          Tell me in this window
        </Checkbox>
        <fieldset disabled={!isOn} className="flex flex-col gap-1.5 pl-6 disabled:opacity-50">
          <legend className="sr-only">What is told</legend>
          {NOTICE_KINDS.map((kind) => (
            <Checkbox
              key={kind}
              isChecked={!off.includes(kind)}
              onChange={(value) => choose(kind, value)}
            >
              {kindTexts[kind]}
            </Checkbox>
          ))}
        </fieldset>
        <fieldset disabled={!isOn} className="flex flex-col gap-2 disabled:opacity-50">
          <legend className="sr-only">Quiet hours</legend>
          <Checkbox
            isChecked={quiet !== null}
            onChange={(value) => setNotices({ quiet: value ? NIGHT : null })}
          >
            Quiet hours
          </Checkbox>
          {quiet && (
            <div className="flex max-w-80 gap-3 pl-6">
              <Clock
                label="From"
                value={quiet.from}
                onChange={(from) => setNotices({ quiet: { ...quiet, from } })}
              />
              <Clock
                label="To"
                value={quiet.to}
                onChange={(to) => setNotices({ quiet: { ...quiet, to } })}
              />
            </div>
          )}
        </fieldset>
        <fieldset disabled={!isOn} className="flex flex-col gap-1 disabled:opacity-50">
          <legend className="sr-only">What a notification holds</legend>
          <Checkbox isChecked={isWhole} onChange={(value) => setNotices({ isWhole: value })}>
            Show the command or the question itself
          </Checkbox>
          <p className="pl-6 text-muted text-xs">
            Only then can a permission be allowed, or a question be answered, from its notification
            in the desktop app. Whoever sees the screen can read it, locked screens included.
          </p>
        </fieldset>
        <p className="text-muted text-xs">
          Nothing is told of the pane that has the keyboard. What comes within five seconds is told
          as one.
        </p>
      </div>
    </Dialog>
  );
}

/** A browser asks once, after a press; where it was refused only the browser's own settings can change that. */
function Permission() {
  const has = "Notification" in globalThis;
  const [permission, setPermission] = useState(has ? Notification.permission : "denied");
  const { run, isBusy } = useAction();
  if (permission === "granted") return null;
  return (
    <div className="flex items-center gap-3 rounded-md border border-warn/40 bg-warn/10 px-3 py-2">
      <p className="min-w-0 flex-1">
        {permission === "denied"
          ? "This browser does not let this page show notifications. Its settings for the page change that; the count in the title stays."
          : "The browser has to be asked once before anything can be shown."}
      </p>
      {permission === "default" && (
        <Button
          isSmall
          kind="primary"
          disabled={isBusy}
          onClick={() => run(async () => setPermission(await Notification.requestPermission()))}
        >
          Allow them
        </Button>
      )}
    </div>
  );
}

/** A time that is half typed is not kept. */
function Clock({
  label,
  value,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  return (
    <TextField
      label={label}
      type="time"
      required
      value={value}
      onChange={(event) => {
        if (event.target.value !== "") onChange(event.target.value);
      }}
    />
  );
}
