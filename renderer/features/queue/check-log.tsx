import { useEffect, useRef, useState } from "react";
import { type CheckResult, hasPassed } from "../../../shared/model/check.ts";
import { noteOfCheck } from "../../../shared/model/describe-tests.ts";
import { formatElapsed } from "../../../shared/model/format-time.ts";
import type { QueueEntry } from "../../../shared/model/queue-entry.ts";
import { call } from "../../client/connection.ts";
import { checkLook } from "../../mirror/state-look.ts";
import { OutputBlock } from "../../ui/output-block.tsx";
import { plainText } from "../../ui/plain-text.ts";
import { PanelSection } from "../../ui/side-panel.tsx";
import { toastError } from "../../ui/toasts.tsx";

/** Output of a running check changes no row, so it is asked for as long as someone looks at it. */
const POLL_MS = 1_000;
/** The end matters; what is older can be read in the results. */
const SHOWN_CHARACTERS = 200_000;

export function CheckLog({ entry }: { readonly entry: QueueEntry }) {
  const { text, results } = useCheckLog(entry);
  const isRunning = entry.state === "checking";
  const shown = results.length > 0 ? results : entry.checks;
  const end = useRef<HTMLPreElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new text is what it follows.
  useEffect(() => {
    const element = end.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, [text]);
  return (
    <>
      {shown.length > 0 && (
        <PanelSection title="Results">
          <div className="flex flex-col gap-1.5">
            {shown.map((result) => (
              <OutputBlock
                key={result.name}
                title={result.command}
                look={checkLook(result)}
                meta={formatElapsed(result.durationMs)}
                note={noteOfCheck(result)}
                text={result.tail}
                isOpen={!hasPassed(result)}
              />
            ))}
          </div>
        </PanelSection>
      )}
      <PanelSection title={isRunning ? "Output, live" : "Output of the last run"}>
        {text === "" ? (
          <p className="text-muted">
            {isRunning ? "The check has printed nothing yet." : "No check has run for this entry."}
          </p>
        ) : (
          <pre
            ref={end}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keys.
            tabIndex={0}
            className="max-h-[50vh] overflow-auto whitespace-pre-wrap break-words rounded-md border border-line bg-terminal p-3 font-mono text-xs"
          >
            {plainText(text)}
          </pre>
        )}
      </PanelSection>
    </>
  );
}

function useCheckLog(entry: QueueEntry): { text: string; results: readonly CheckResult[] } {
  const [log, setLog] = useState<{ text: string; results: readonly CheckResult[] }>({
    text: "",
    results: [],
  });
  const { id, state, candidate } = entry;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another candidate has another log.
  useEffect(() => {
    let isStale = false;
    let timer: ReturnType<typeof setTimeout> | null = null;
    let from = 0;
    setLog({ text: "", results: [] });
    const ask = async () => {
      const answer = await call("queue.log", { entry: id, from });
      if (isStale) return;
      from = answer.end;
      setLog((old) => ({
        text: (old.text + answer.text).slice(-SHOWN_CHARACTERS),
        results: answer.results,
      }));
      const isMoreToCome = state === "checking" || answer.text !== "";
      if (isMoreToCome) timer = setTimeout(() => void ask().catch(report), POLL_MS);
    };
    const report = (error: unknown) => {
      if (!isStale) toastError(error);
    };
    void ask().catch(report);
    return () => {
      isStale = true;
      if (timer !== null) clearTimeout(timer);
    };
  }, [id, state, candidate]);
  return log;
}
