import type { KeyboardEvent } from "react";
import { type Choice, type ConflictPart, textOf } from "../../../../shared/model/conflict-view.ts";
import { Button } from "../../../ui/button.tsx";
import { classNames } from "../../../ui/class-names.ts";
import { TextArea } from "../../../ui/field.tsx";
import { exactText } from "../../../ui/plain-text.ts";
import { type OwnSpot, useOwnText, writeOwnText } from "./own-texts.ts";

type Place = Exclude<ConflictPart, { kind: "same" }>;

export interface PlaceActs {
  readonly choose: (choice: Choice) => void;
  /** To the place that is so many further on. */
  readonly move: (by: 1 | -1) => void;
}

/** One place that did not merge: what both sides began from between what they made of it, and what is taken. */
export function ConflictPlace({
  place,
  name,
  target,
  spot,
  chosen,
  acts,
}: {
  readonly place: Place;
  readonly spot: OwnSpot;
  /** In words, e.g. `Place 2 of 5 in src/a.ts`. */
  readonly name: string;
  readonly target: string;
  readonly chosen: Choice | null;
  readonly acts: PlaceActs;
}) {
  const written = useOwnText(spot);
  const isLines = place.kind === "lines";
  const write = () => writeOwnText(spot, written ?? textOf(place, chosen ?? "both"));
  const close = () => writeOwnText(spot, null);
  const choose = (choice: Choice) => {
    close();
    acts.choose(choice);
  };
  const keys: Readonly<Record<string, () => void>> = {
    "1": () => choose("target"),
    "2": () => choose("branch"),
    ...(isLines ? { "3": () => choose("both"), "4": write } : {}),
    j: () => acts.move(1),
    k: () => acts.move(-1),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act || event.target instanceof HTMLTextAreaElement) return;
    event.preventDefault();
    // They mean something else in the list beside it.
    event.stopPropagation();
    act();
  };
  const button = (choice: "target" | "branch" | "both", key: string, text: string) => (
    <Button
      isSmall
      kind={chosen === choice ? "primary" : "plain"}
      aria-pressed={chosen === choice}
      title={`Key ${key}`}
      onClick={() => choose(choice)}
    >
      {text}
    </Button>
  );
  return (
    <section
      aria-label={name}
      data-place
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys that choose and move work where it has the focus.
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="scroll-my-12 border-line border-y bg-surface -outline-offset-2"
    >
      <div className="flex flex-wrap items-center gap-1.5 px-3 py-1.5 font-sans">
        <span
          className={classNames("mr-auto text-xs", chosen === null ? "text-warn" : "text-good")}
        >
          {chosen === null ? "Nothing chosen yet" : chosenWord(chosen, target)}
        </span>
        {button("target", "1", `Take ${target}`)}
        {button("branch", "2", "Take the branch")}
        {isLines && button("both", "3", "Both")}
        {isLines && (
          <Button
            isSmall
            kind={isOwn(chosen) ? "primary" : "plain"}
            aria-pressed={isOwn(chosen)}
            title="Key 4"
            onClick={write}
          >
            Edit
          </Button>
        )}
      </div>
      {written !== null ? (
        <OwnLines
          name={name}
          text={written}
          onWrite={(text) => writeOwnText(spot, text)}
          onKeep={() => choose({ text: written })}
          onClose={close}
        />
      ) : (
        <Sides place={place} target={target} chosen={chosen} />
      )}
    </section>
  );
}

function Sides({
  place,
  target,
  chosen,
}: {
  readonly place: Place;
  readonly target: string;
  readonly chosen: Choice | null;
}) {
  if (isOwn(chosen)) return <Lines title="What you wrote" text={chosen.text} isTaken />;
  const isTaken = (side: "target" | "branch") => chosen === side || chosen === "both";
  return (
    <div className="grid gap-px bg-line @3xl:grid-cols-3">
      <Lines title={`${target} now`} text={place.target} isTaken={isTaken("target")} />
      <Lines title="Before both" text={place.base} />
      <Lines title="The branch" text={place.branch} isTaken={isTaken("branch")} />
    </div>
  );
}

function Lines({
  title,
  text,
  isTaken = false,
}: {
  readonly title: string;
  readonly text: string;
  readonly isTaken?: boolean;
}) {
  return (
    <div
      className={classNames(
        "min-w-0",
        "bg-terminal",
        isTaken && "shadow-[inset_3px_0_0_var(--good)]",
      )}
    >
      <div className="flex gap-2 px-3 pt-1 font-sans text-faint text-xs">
        {title}
        {isTaken && <span className="text-good">taken</span>}
      </div>
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
        tabIndex={0}
        className="max-h-72 overflow-auto px-3 pb-1.5 font-mono text-xs -outline-offset-2"
      >
        {text === "" ? <span className="text-faint italic">nothing</span> : exactText(text)}
      </pre>
    </div>
  );
}

/** Ctrl or Cmd with Enter keeps it, Escape closes. */
function OwnLines({
  name,
  text,
  onWrite,
  onKeep,
  onClose,
}: {
  readonly name: string;
  readonly text: string;
  readonly onWrite: (text: string) => void;
  readonly onKeep: () => void;
  readonly onClose: () => void;
}) {
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) onKeep();
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: takes the keys of the field and the buttons within.
    <div className="px-3 pb-2 font-sans" onKeyDown={onKeyDown}>
      <TextArea
        label={`Your lines for ${name}`}
        isMono
        rows={Math.min(16, Math.max(4, text.split("\n").length + 1))}
        value={text}
        spellCheck={false}
        autoFocus
        onChange={(event) => onWrite(event.target.value)}
      />
      <div className="mt-1.5 flex items-center gap-1.5">
        <Button isSmall kind="primary" onClick={onKeep}>
          Keep these lines
        </Button>
        <Button isSmall onClick={onClose}>
          Cancel
        </Button>
        <span className="ml-auto text-faint text-xs">Ctrl+Enter keeps them, Esc closes</span>
      </div>
    </div>
  );
}

function isOwn(choice: Choice | null): choice is Exclude<Choice, string> {
  return choice !== null && typeof choice !== "string";
}

function chosenWord(choice: Choice, target: string): string {
  if (typeof choice !== "string") return "Your own lines";
  const words = {
    target: `As on ${target}`,
    branch: "As on the branch",
    both: "Both, one after the other",
  };
  return words[choice];
}
