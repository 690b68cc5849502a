import { Command as CommandMenu } from "cmdk";
import { useEffect, useState } from "react";
import type { SessionId } from "../../../shared/model/ids.ts";
import { listLinks, type ShownLink } from "../../terminal/list-links.ts";
import { screenOf } from "../../terminal/reveal-line.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { toastError } from "../../ui/toasts.tsx";

/** The files and addresses that a pane shows, to open one of them by the keyboard. */
export function LinksDialog({
  session,
  onClose,
}: {
  readonly session: SessionId;
  readonly onClose: () => void;
}) {
  const [links, setLinks] = useState<readonly ShownLink[] | null>(null);
  useEffect(() => {
    const screen = screenOf(session);
    if (!screen) return setLinks([]);
    listLinks(screen).then(setLinks, (error: unknown) => {
      setLinks([]);
      toastError(error);
    });
  }, [session]);
  return (
    <Dialog title="Links in the terminal" isBare width="max-w-2xl" onClose={onClose}>
      <CommandMenu label="Links" loop className="flex min-h-0 flex-col">
        <CommandMenu.Input
          autoFocus
          placeholder="A file or an address that the pane shows"
          className="h-12 w-full shrink-0 border-line border-b bg-transparent px-4 text-base outline-none placeholder:text-faint"
        />
        <CommandMenu.List className="max-h-[52vh] min-h-24 overflow-y-auto py-2">
          <CommandMenu.Empty className="p-6 text-center text-muted">
            {links ? "It shows no file that is there, and no address." : "Looking…"}
          </CommandMenu.Empty>
          {links?.map((link) => (
            <CommandMenu.Item
              key={link.text}
              value={link.text}
              onSelect={() => {
                onClose();
                link.open();
              }}
              className="mx-1.5 truncate rounded-md px-2.5 py-1 font-mono text-xs"
            >
              {link.text}
            </CommandMenu.Item>
          ))}
        </CommandMenu.List>
      </CommandMenu>
    </Dialog>
  );
}
