import { History } from "lucide-react";
import { useMemo, useState } from "react";
import type { Event } from "../../../shared/model/event.ts";
import { formatClock } from "../../../shared/model/format-time.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { useTicking } from "../../ui/age.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { BareInput } from "../../ui/field.tsx";
import { SegmentedChoice } from "../../ui/segmented-choice.tsx";
import { useAction } from "../../ui/use-action.ts";
import { type EventNoun, eventSentence, type Names, nounOf } from "./event-sentence.ts";

const CHOICES: readonly (readonly [EventNoun | "all", string])[] = [
  ["all", "All"],
  ["task", "Tasks"],
  ["session", "Sessions"],
  ["queue", "Queue"],
  ["profile", "Profiles"],
  ["project", "Projects"],
];
const OLDER_STEP = 500;

export function ActivityView({ onOpen }: { readonly onOpen: (subject: string) => void }) {
  const recent = useMirror((mirror) => mirror.events);
  const [older, setOlder] = useState<readonly Event[]>([]);
  const [noun, setNoun] = useState<EventNoun | "all">("all");
  const [filter, setFilter] = useState("");
  const names = useNames();
  const { run, isBusy } = useAction();
  const events = useMemo(() => [...older, ...recent], [older, recent]);
  const shown = useMemo(() => {
    const wanted = filter.toLowerCase();
    return events
      .filter((event) => noun === "all" || nounOf(event) === noun)
      .map((event) => ({ event, sentence: eventSentence(event, names) }))
      .filter(({ event, sentence }) =>
        `${sentence} ${event.subject} ${event.cause} ${event.kind}`.toLowerCase().includes(wanted),
      )
      .reverse();
  }, [events, noun, filter, names]);
  const first = events[0]?.seq ?? 0;

  const loadOlder = () =>
    run(async () => {
      const since = Math.max(0, first - 1 - OLDER_STEP);
      const found = await call("app.events", { since, limit: OLDER_STEP });
      setOlder((known) => [...found.filter((event) => event.seq < first), ...known]);
    });
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex h-11 shrink-0 items-center gap-2 px-3">
        <h1 className="sr-only">Activity</h1>
        <BareInput
          label="Filter activity"
          type="search"
          placeholder="Filter"
          className="max-w-64"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <SegmentedChoice label="Kind" choices={CHOICES} value={noun} onChoose={setNoun} />
      </div>
      <div className="mx-2 mb-2 min-h-0 flex-1 overflow-y-auto rounded-lg border border-line bg-surface">
        {shown.length === 0 && (
          <EmptyState icon={<History size={22} />} title="Nothing to show">
            <p>Everything that happens is kept here, with who or what brought it about.</p>
          </EmptyState>
        )}
        <ol aria-label="Activity">
          {shown.map(({ event, sentence }) => (
            <EventRow key={event.seq} event={event} sentence={sentence} onOpen={onOpen} />
          ))}
        </ol>
        {first > 1 && (
          <div className="flex justify-center p-3">
            <Button isSmall disabled={isBusy} onClick={loadOlder}>
              Show older
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

function EventRow({
  event,
  sentence,
  onOpen,
}: {
  readonly event: Event;
  readonly sentence: string;
  readonly onOpen: (subject: string) => void;
}) {
  const clock = useTicking((now) => formatClock(event.at, now));
  const canOpen = /^[tsq]-\d+$/.test(event.subject);
  return (
    <li className="grid grid-cols-[8.5rem_5rem_minmax(0,1fr)_minmax(0,12rem)] items-baseline gap-3 border-line/60 border-b px-4 py-1.5 last:border-b-0 [content-visibility:auto] [contain-intrinsic-size:auto_30px]">
      <time
        dateTime={event.at}
        title={new Date(event.at).toLocaleString()}
        className="text-faint text-xs tabular-nums"
      >
        {clock}
      </time>
      {canOpen ? (
        <button
          type="button"
          onClick={() => onOpen(event.subject)}
          className="justify-self-start rounded font-mono text-accent text-xs hover:underline"
        >
          {event.subject}
        </button>
      ) : (
        <span className="truncate font-mono text-faint text-xs">{event.subject}</span>
      )}
      <span className="break-words">{sentence}</span>
      <span className="truncate text-right text-faint text-xs" title={event.kind}>
        by {event.cause}
      </span>
    </li>
  );
}

function useNames(): Names {
  const tasks = useMirror((mirror) => mirror.tasks);
  const sessions = useMirror((mirror) => mirror.sessions);
  const entries = useMirror((mirror) => mirror.entries);
  return useMemo(() => {
    const titles = new Map<string, string>(tasks.map((task) => [task.id, task.title]));
    const sessionNames = new Map<string, string>(sessions.map(({ id, name }) => [id, name]));
    const entryTasks = new Map<string, string>(entries.map(({ id, task }) => [id, task]));
    return {
      taskTitle: (id) => titles.get(id) ?? null,
      sessionName: (id) => sessionNames.get(id) ?? null,
      entryTask: (id) => entryTasks.get(id) ?? null,
    };
  }, [tasks, sessions, entries]);
}
