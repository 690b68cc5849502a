import { Command as CommandMenu } from "cmdk";
import { useEffect, useState } from "react";
import type { SessionId } from "../../../shared/model/ids.ts";
import type { SearchAnswer, SearchHit } from "../../../shared/model/transcript.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { sessionLook } from "../../mirror/state-look.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { formatCount } from "../../ui/format-amount.ts";
import { StateMark } from "../../ui/state-mark.tsx";
import { toastError } from "../../ui/toasts.tsx";
import { keepSearch, useSearchView } from "./search-view-store.ts";

/** So long after a key the text is searched for: half a word finds too much. */
const PAUSE_MS = 180;

const placeNames = { you: "you", worker: "worker", tool: "tool" } as const;

/** Text in every terminal and conversation. Arrows choose, Enter goes there. */
export function SearchDialog({
  onOpen,
  onClose,
}: {
  readonly onOpen: (session: SessionId, hit: SearchHit) => void;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState(() => useSearchView.getState().text);
  const { text: searched, answer } = useSearchView();
  const isOld = text.trim() !== searched;
  useSearch(text.trim());
  return (
    <Dialog title="Search everything" isBare width="max-w-3xl" onClose={onClose}>
      <CommandMenu label="Search" loop shouldFilter={false} className="flex min-h-0 flex-col">
        <CommandMenu.Input
          autoFocus
          placeholder="Text in any terminal or conversation"
          value={text}
          onValueChange={setText}
          className="h-12 w-full shrink-0 border-line border-b bg-transparent px-4 text-base outline-none placeholder:text-faint"
        />
        <p role="status" className="shrink-0 px-4 pt-2 text-faint text-xs">
          {wordState(text.trim(), isOld, answer)}
        </p>
        <CommandMenu.List className="max-h-[56vh] min-h-24 overflow-y-auto pb-2">
          {answer?.found.map(({ session, hits, more }) => (
            <CommandMenu.Group key={session} heading={<Heading session={session} />}>
              {hits.map((hit) => (
                <CommandMenu.Item
                  key={`${hit.where}-${hit.line}`}
                  value={`${session}-${hit.where}-${hit.line}`}
                  onSelect={() => onOpen(session, hit)}
                  className="mx-1.5 flex items-baseline gap-3 rounded-md px-2.5 py-1"
                >
                  <HitText hit={hit} />
                </CommandMenu.Item>
              ))}
              {more > 0 && (
                <p className="px-4 py-0.5 text-faint text-xs">and {more} more in this one</p>
              )}
            </CommandMenu.Group>
          ))}
        </CommandMenu.List>
      </CommandMenu>
    </Dialog>
  );
}

/** Asks the core once the person has stopped typing; the core gives up what was asked before. */
function useSearch(text: string): void {
  useEffect(() => {
    if (text === "") return keepSearch("", null);
    if (text === useSearchView.getState().text) return;
    let isWanted = true;
    const timer = setTimeout(() => {
      call("search.find", { text: text.slice(0, 200) }).then(
        (answer) => {
          if (isWanted) keepSearch(text, answer);
        },
        (error) => {
          if (isWanted) toastError(error);
        },
      );
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [text]);
}

function wordState(text: string, isOld: boolean, answer: SearchAnswer | null): string {
  if (text === "") return "Screens and scrollback of live sessions, and what was said in all.";
  if (isOld || !answer) return "Searching…";
  const looked = formatCount(answer.searched, "session");
  if (answer.found.length === 0) return `It is nowhere in ${looked}.`;
  const found = `In ${answer.found.length} of ${looked}`;
  return answer.isCut ? `${found}; older ones were left out, search for more of it.` : `${found}.`;
}

function Heading({ session: id }: { readonly session: SessionId }) {
  const session = useMirror((mirror) => mirror.sessions.find((each) => each.id === id));
  const title = useMirror(
    (mirror) => mirror.tasks.find((each) => each.id === session?.task)?.title,
  );
  return (
    <span className="flex items-center gap-2">
      {session && <StateMark look={sessionLook[session.state]} />}
      <span className="truncate text-ink">
        {session?.name ?? id} {title && !session?.name.includes(title) && title}
      </span>
      <span className="ml-auto shrink-0 font-normal">{session?.profile}</span>
    </span>
  );
}

function HitText({ hit: { where, who, line, text, from, length } }: { readonly hit: SearchHit }) {
  return (
    <>
      <span className="w-20 shrink-0 text-faint text-xs">
        {who === null ? where : placeNames[who]}
        <span className="tabular-nums"> {line}</span>
      </span>
      <span className="min-w-0 flex-1 truncate font-mono text-xs">
        {text.slice(0, from)}
        <mark className="rounded-xs bg-warn/25 text-ink">{text.slice(from, from + length)}</mark>
        {text.slice(from + length)}
      </span>
    </>
  );
}
