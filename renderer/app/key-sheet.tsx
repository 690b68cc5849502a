import { describeConflict } from "../../shared/model/key-conflict.ts";
import { useKeymap } from "../terminal/keymap.ts";
import { Button } from "../ui/button.tsx";
import { copyText } from "../ui/copy-text.ts";
import { Dialog } from "../ui/dialog.tsx";
import { KeyHint } from "../ui/key-hint.tsx";
import { commandsNow } from "./commands.ts";
import { showOverlay } from "./view-store.ts";

const listKeys: readonly (readonly [keys: string, what: string])[] = [
  ["j", "Next in the list"],
  ["k", "Previous in the list"],
  ["Enter", "Open"],
  ["/", "Filter"],
  ["n", "New task (tasks)"],
  ["a", "Approve (queue), yes (inbox)"],
  ["r", "Return with a note, reply (inbox)"],
  ["d", "Diff (queue), no (inbox)"],
  ["1", "Choose an option, 1 to 9 (inbox)"],
  ["c", "Checks (queue)"],
  ["v", "Revert (queue)"],
  ["J", "Later in the queue; K: earlier"],
];

const paneKeys: readonly (readonly [keys: string, what: string])[] = [
  ["Shift+Enter", "A line break in the prompt"],
  ["Ctrl+Shift+C", "Copy what is selected"],
  ["Ctrl+Shift+V", "Paste"],
];

export function KeySheet() {
  const { conflicts, problem, file } = useKeymap();
  const commands = commandsNow().filter(({ keys }) => keys !== undefined);
  const tableOf = (isOf: (group: string) => boolean) =>
    commands.flatMap(({ keys, title, group }) =>
      keys !== undefined && isOf(group) ? [[keys, title] as const] : [],
    );
  return (
    <Dialog title="Keyboard shortcuts" width="max-w-4xl" onClose={() => showOverlay(null)}>
      {problem !== null && (
        <p role="alert" className="mb-3 whitespace-pre-wrap rounded-md bg-bad/10 p-2 text-bad">
          {problem} Until it is corrected the keys before it are in force.
        </p>
      )}
      {conflicts.map((conflict) => (
        <p key={conflict.keys} className="mb-3 rounded-md bg-warn/10 p-2 text-warn">
          {describeConflict(conflict)}.
        </p>
      ))}
      <div className="grid grid-cols-2 gap-x-8 gap-y-5">
        <KeyTable title="Terminals" keys={tableOf((group) => group === "Terminals")} />
        <div className="flex flex-col gap-5">
          <KeyTable title="Everywhere" keys={tableOf((group) => group !== "Terminals")} />
          <KeyTable title="In a terminal" keys={paneKeys} />
          <KeyTable title="In a list" keys={listKeys} />
        </div>
      </div>
      {file !== null && (
        <p className="mt-4 flex items-center gap-2 text-muted">
          <span className="min-w-0 break-words">
            Keys of your own stand in <code className="font-mono text-xs">{file}</code>
          </span>
          <Button isSmall onClick={() => copyText(file)}>
            Copy its path
          </Button>
        </p>
      )}
    </Dialog>
  );
}

function KeyTable({
  title,
  keys,
}: {
  readonly title: string;
  readonly keys: readonly (readonly [keys: string, what: string])[];
}) {
  return (
    <section>
      <h3 className="mb-1.5 font-semibold text-faint text-xs">{title}</h3>
      <dl className="flex flex-col gap-1">
        {keys.map(([combination, what]) => (
          <div key={combination} className="flex items-center justify-between gap-3">
            <dt>{what}</dt>
            <dd>
              <KeyHint keys={combination} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
