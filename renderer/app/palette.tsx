import { Command as CommandMenu } from "cmdk";
import { useMemo, useState } from "react";
import { Dialog } from "../ui/dialog.tsx";
import { KeyHint } from "../ui/key-hint.tsx";
import type { Command } from "./command.ts";
import { commandsNow, namedCommandsNow } from "./commands.ts";
import { findCommands, groupCommands } from "./find-commands.ts";
import { ExactText, PaletteText } from "./palette-text.tsx";
import { showOverlay } from "./view-store.ts";

export function Palette() {
  const [text, setText] = useState("");
  const [current, setCurrent] = useState("");
  /** What cannot be taken back was pressed once. */
  const [armed, setArmed] = useState<string | null>(null);
  /** What was chosen and needs words. */
  const [written, setWritten] = useState<Command | null>(null);
  const here = useMemo(commandsNow, []);
  const named = useMemo(namedCommandsNow, []);
  const groups = useMemo(
    () => groupCommands(text.trim() === "" ? here : findCommands([...here, ...named], text)),
    [here, named, text],
  );
  const shown = groups.flatMap(([, commands]) => commands).find(({ id }) => id === current);
  const close = () => showOverlay(null);
  const choose = (command: Command) => {
    if (command.isFinal && armed !== command.id) return setArmed(command.id);
    if (command.texts) return setWritten(command);
    close();
    command.run();
  };
  return (
    <Dialog
      title="Command palette"
      isBare
      width="max-w-2xl"
      onClose={written ? () => setWritten(null) : close}
    >
      {written?.texts ? (
        <PaletteText
          title={written.title}
          texts={written.texts}
          onBack={() => setWritten(null)}
          onSent={close}
        />
      ) : (
        <CommandMenu
          label="Commands"
          loop
          shouldFilter={false}
          value={current}
          onValueChange={setCurrent}
          className="flex min-h-0 flex-col"
        >
          <CommandMenu.Input
            autoFocus
            placeholder="Type a command, or the name of a pane, a task or a profile"
            value={text}
            onValueChange={(value) => {
              setText(value);
              setArmed(null);
            }}
            className="h-12 w-full shrink-0 border-line border-b bg-transparent px-4 text-base outline-none placeholder:text-faint"
          />
          <CommandMenu.List className="max-h-[52vh] min-h-24 overflow-y-auto pb-2">
            <CommandMenu.Empty className="p-6 text-center text-muted">
              Nothing is called that.
            </CommandMenu.Empty>
            {groups.map(([group, commands]) => (
              <CommandMenu.Group key={group} heading={group}>
                {commands.map((command) => (
                  <CommandMenu.Item
                    key={command.id}
                    value={command.id}
                    onSelect={() => choose(command)}
                    className="mx-1.5 flex h-8 items-center justify-between gap-4 rounded-md px-2.5"
                  >
                    <span className="truncate">{command.title}</span>
                    {armed === command.id && (
                      <span role="status" className="shrink-0 font-medium text-bad text-xs">
                        Press again to do it
                      </span>
                    )}
                    {command.keys && <KeyHint keys={command.keys} />}
                  </CommandMenu.Item>
                ))}
              </CommandMenu.Group>
            ))}
          </CommandMenu.List>
          {shown?.detail && (
            <div className="shrink-0 border-line border-t bg-sunken px-4 py-2.5">
              <ExactText text={shown.detail} />
            </div>
          )}
        </CommandMenu>
      )}
    </Dialog>
  );
}
