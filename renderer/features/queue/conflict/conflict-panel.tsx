import { Check, RotateCw } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import {
  type Choice,
  type ConflictView,
  countOpen,
  type FileChoices,
} from "../../../../shared/model/conflict-view.ts";
import type { QueueEntry } from "../../../../shared/model/queue-entry.ts";
import { type ErrorShape, toErrorShape } from "../../../../shared/model/switchyard-error.ts";
import { call } from "../../../client/connection.ts";
import { Button } from "../../../ui/button.tsx";
import { exactText } from "../../../ui/plain-text.ts";
import { toastDone } from "../../../ui/toasts.tsx";
import { act, useAction } from "../../../ui/use-action.ts";
import { ConflictFileView } from "./conflict-file.tsx";
import { findStranded, useOwnTexts, writeOwnText } from "./own-texts.ts";

type Loaded =
  | { readonly kind: "loading" }
  | { readonly kind: "shown"; readonly view: ConflictView }
  | { readonly kind: "failed"; readonly error: ErrorShape };

/** The conflict of an entry with the target, place by place, for the person to resolve. What is chosen is kept by the core at once. */
export function ConflictPanel({ entry }: { readonly entry: QueueEntry }) {
  const [loaded, setLoaded] = useState<Loaded>({ kind: "loading" });
  const [round, setRound] = useState(0);
  const { id, state } = entry;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another state, or another round, is looked at anew.
  useEffect(() => {
    let isStale = false;
    call("queue.conflict", { entry: id }).then(
      (view) => !isStale && setLoaded({ kind: "shown", view }),
      (error) => !isStale && setLoaded({ kind: "failed", error: toErrorShape(error) }),
    );
    return () => {
      isStale = true;
    };
  }, [id, state, round]);
  const again = () => setRound(round + 1);
  if (loaded.kind === "loading") return <p className="p-4 text-muted">Reading the conflict…</p>;
  if (loaded.kind === "failed") {
    return (
      <div role="alert" className="flex flex-col items-start gap-2 p-4">
        <p className="text-bad">{loaded.error.message}</p>
        {loaded.error.hint && <p className="text-muted">{loaded.error.hint}</p>}
        <Button isSmall icon={<RotateCw size={13} />} onClick={again}>
          Look again
        </Button>
      </div>
    );
  }
  const { view } = loaded;
  return <Places key={`${view.base} ${round}`} view={view} onAgain={again} />;
}

function Places({ view, onAgain }: { readonly view: ConflictView; readonly onAgain: () => void }) {
  const [draft, setDraft] = useState<readonly FileChoices[]>(view.draft);
  const { run, isBusy } = useAction();
  const box = useRef<HTMLDivElement>(null);
  const open = view.files.reduce(
    (count, file, at) => count + countOpen(file, draft[at]?.choices ?? []),
    0,
  );
  const { entry, base, target } = view;
  const choose = (file: number, place: number, choice: Choice) => {
    const next = draft.map((each, at) =>
      at === file ? { ...each, choices: each.choices.with(place, choice) } : each,
    );
    setDraft(next);
    act(() => call("queue.draft-resolution", { entry, draft: next }));
  };
  const move = (by: 1 | -1) => {
    const places = [...(box.current?.querySelectorAll<HTMLElement>("[data-place]") ?? [])];
    const now = places.findIndex((each) => each.contains(document.activeElement));
    places[now + by]?.focus();
  };
  const use = () =>
    run(async () => {
      const taken = await call("queue.use-resolution", { entry, base, draft: [...draft] });
      toastDone(`${taken.id} goes on with your resolution; it is tested before it lands.`);
    });
  return (
    <div ref={box} className="flex flex-col gap-3 p-3">
      <div className="sticky top-9 z-10 -mx-3 -mt-3 flex flex-wrap items-center gap-2 border-line border-b bg-surface px-3 py-2">
        <p className="mr-auto text-muted text-xs">
          {open === 0
            ? "Every place is chosen."
            : `${open} ${open === 1 ? "place" : "places"} to choose.`}{" "}
          <span className="text-faint">1 to 4 choose, J and K move, Tab goes on.</span>
        </p>
        <Button isSmall icon={<RotateCw size={13} />} onClick={onAgain}>
          Look again
        </Button>
        <Button
          isSmall
          kind="primary"
          icon={<Check size={13} />}
          disabled={open > 0 || isBusy}
          onClick={use}
        >
          Use this resolution
        </Button>
      </div>
      <Stranded view={view} />
      {view.files.map((file, at) => (
        <ConflictFileView
          key={file.path}
          entry={entry}
          file={file}
          target={target}
          choices={draft[at]?.choices ?? []}
          onChoose={(place, choice) => choose(at, place, choice)}
          onMove={move}
        />
      ))}
    </div>
  );
}

/** Lines that were being written where the conflict is another one now. */
function Stranded({ view }: { readonly view: ConflictView }) {
  const left = findStranded(view, useOwnTexts());
  const first = useRef<HTMLElement>(null);
  const isAny = left.length > 0;
  // They stand above all places, and whoever looked again may be far below them.
  useEffect(() => {
    if (isAny) first.current?.scrollIntoView({ block: "nearest" });
  }, [isAny]);
  return left.map((each, at) => {
    const path = exactText(each.path);
    return (
      <section
        key={`${each.path} ${each.nth} ${each.branch}`}
        ref={at === 0 ? first : null}
        aria-label={`Lines you were writing in ${path}`}
        className="scroll-mt-24 rounded-md border border-line"
      >
        <div className="flex items-center gap-2 bg-sunken px-3 py-1.5 text-xs">
          <p className="min-w-0 flex-1">
            The conflict you were writing this for is another one now:{" "}
            <span className="break-all font-mono">{path}</span>
          </p>
          <Button isSmall onClick={() => writeOwnText(each, null)}>
            Discard
          </Button>
        </div>
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
          tabIndex={0}
          className="max-h-72 overflow-auto bg-terminal px-3 py-1.5 font-mono text-xs -outline-offset-2"
        >
          {exactText(each.text)}
        </pre>
      </section>
    );
  });
}
