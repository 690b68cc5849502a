import { Command as CommandMenu } from "cmdk";
import { useMemo } from "react";
import { Dialog } from "../ui/dialog.tsx";
import { KeyHint } from "../ui/key-hint.tsx";
import { type Command, commandsNow, jumpsNow } from "./commands.ts";
import { showOverlay } from "./view-store.ts";

export function Palette() {
  const groups = useMemo(() => groupCommands([...commandsNow(), ...jumpsNow()]), []);
  const close = () => showOverlay(null);
  return (
    <Dialog title="Command palette" isBare width="max-w-2xl" onClose={close}>
      <CommandMenu label="Commands" loop className="flex min-h-0 flex-col">
        <CommandMenu.Input
          placeholder="Type a command, or the name of a pane, a task or a queue entry"
          className="h-12 w-full shrink-0 border-line border-b bg-transparent px-4 text-base outline-none placeholder:text-faint"
        />
        <CommandMenu.List className="max-h-[52vh] overflow-y-auto pb-2">
          <CommandMenu.Empty className="p-6 text-center text-muted">
            Nothing is called that.
          </CommandMenu.Empty>
          {groups.map(([group, commands]) => (
            <CommandMenu.Group key={group} heading={group}>
              {commands.map((command) => (
                <CommandMenu.Item
                  key={command.id}
                  value={`${command.title} ${command.id}`}
                  onSelect={() => {
                    close();
                    command.run();
                  }}
                  className="mx-1.5 flex h-8 items-center justify-between gap-4 rounded-md px-2.5"
                >
                  <span className="truncate">{command.title}</span>
                  {command.keys && <KeyHint keys={command.keys} />}
                </CommandMenu.Item>
              ))}
            </CommandMenu.Group>
          ))}
        </CommandMenu.List>
      </CommandMenu>
    </Dialog>
  );
}

function groupCommands(
  commands: readonly Command[],
): readonly (readonly [group: string, commands: readonly Command[]])[] {
  const names = [...new Set(commands.map((command) => command.group))];
  return names.map((name) => [name, commands.filter((command) => command.group === name)]);
}
