import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { exactText } from "../ui/plain-text.ts";
import type { TextSteps } from "./command.ts";

/** Asks in the palette for what a command needs in words, one step after the other. Enter goes on, Escape goes back to the list. */
export function PaletteText({
  title,
  texts: { steps, send },
  onBack,
  onSent,
}: {
  readonly title: string;
  readonly texts: TextSteps;
  readonly onBack: () => void;
  readonly onSent: () => void;
}) {
  const [given, setGiven] = useState<readonly string[]>([]);
  const [text, setText] = useState("");
  const step = steps[given.length];
  if (!step) return null;
  const isReady = step.isOptional || text.trim() !== "";
  const isLast = given.length === steps.length - 1;
  const goOn = () => {
    if (!isReady) return;
    const all = [...given, text.trim()];
    setText("");
    if (!isLast) return setGiven(all);
    onSent();
    send(all);
  };
  return (
    <form
      className="flex min-h-0 flex-col gap-2.5 px-4 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        goOn();
      }}
    >
      <h2 className="truncate font-semibold">{exactText(title)}</h2>
      <ExactText text={step.detail} />
      <textarea
        key={given.length}
        // biome-ignore lint/a11y/noAutofocus: the person chose to write here, and the list they came from is gone.
        autoFocus
        aria-label={step.label}
        placeholder={`${step.label}. Enter sends, Shift+Enter breaks the line.`}
        rows={2}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          goOn();
        }}
        className="w-full shrink-0 resize-none rounded-md border border-line-strong/80 bg-sunken px-2.5 py-1.5 text-sm placeholder:text-faint"
      />
      <div className="flex items-center justify-end gap-2">
        {steps.length > 1 && (
          <span className="mr-auto text-faint text-xs">
            {given.length + 1} of {steps.length}
          </span>
        )}
        <Button isSmall onClick={onBack}>
          Back
        </Button>
        <Button isSmall kind="primary" type="submit" disabled={!isReady}>
          {isLast ? "Send" : "Next"}
        </Button>
      </div>
    </form>
  );
}

/** What a person decides on, with nothing in it unseen. */
export function ExactText({ text }: { readonly text: string }) {
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
      tabIndex={0}
      className="max-h-40 min-h-0 overflow-auto whitespace-pre-wrap break-words font-mono text-xs"
    >
      {exactText(text)}
    </pre>
  );
}
