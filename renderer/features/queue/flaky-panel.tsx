import { ChevronDown, ChevronRight } from "lucide-react";
import { useEffect, useState } from "react";
import type { FlakyTest, FlakyTests } from "../../../shared/model/flaky-test.ts";
import type { ProjectName, TaskId } from "../../../shared/model/ids.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { classNames } from "../../ui/class-names.ts";
import { formatCount } from "../../ui/format-amount.ts";
import { type Look, StateMark } from "../../ui/state-mark.tsx";
import { toastError } from "../../ui/toasts.tsx";
import { FlakyRow } from "./flaky-row.tsx";
import { toggleFlakyTests, useFlakyView } from "./flaky-view-store.ts";

/** The tests that flipped of late, and those that are quarantined: a line, and the list below it when it is opened. */
export function FlakyPanel({
  project,
  onOpenTask,
}: {
  readonly project: ProjectName;
  readonly onOpenTask: (task: TaskId) => void;
}) {
  const flaky = useFlakyTests(project);
  const isShown = useFlakyView((view) => view.isShown);
  if (!flaky || flaky.tests.length === 0) return null;
  const quarantined = flaky.tests.filter(isQuarantined).length;
  const known = formatCount(flaky.known, "known test", "known tests");
  return (
    <section
      aria-label="Flaky tests"
      className={classNames(
        "mx-2 mb-2 flex min-h-0 shrink-0 flex-col overflow-hidden rounded-lg border border-line bg-surface",
        isShown && "max-h-[40%]",
      )}
    >
      <button
        type="button"
        aria-expanded={isShown}
        onClick={toggleFlakyTests}
        className="flex h-8 shrink-0 items-center gap-2 px-2.5 text-left text-xs -outline-offset-2 hover:bg-hover"
      >
        {isShown ? <ChevronDown size={14} /> : <ChevronRight size={14} />}
        <StateMark look={lookOf(quarantined, flaky.tests.length)} />
        <span className="truncate text-muted">
          {quarantined > 0
            ? `They run, and keep no work back. At most ${flaky.max} of ${known} are at once.`
            : "Red and then green on the very same tree. Three times in fifty runs quarantine a test."}
        </span>
      </button>
      {isShown && (
        <ul aria-label="Flaky tests" className="min-h-0 overflow-y-auto">
          {flaky.tests.map((each) => (
            <FlakyRow
              key={`${each.command} ${each.test}`}
              project={project}
              flaky={each}
              onOpenTask={onOpenTask}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function isQuarantined({ until }: FlakyTest): boolean {
  return until !== null;
}

function lookOf(quarantined: number, all: number): Look {
  if (quarantined === 0) {
    const word = `${formatCount(all, "test", "tests")} flipped`;
    return { word, tone: "quiet", shape: "question" };
  }
  const word = `${formatCount(quarantined, "test", "tests")} quarantined`;
  return { word, tone: "warn", shape: "triangle" };
}

/** Asked for anew whenever something was told of the project's tests. */
function useFlakyTests(project: ProjectName): FlakyTests | null {
  const [flaky, setFlaky] = useState<FlakyTests | null>(null);
  const told = useMirror(
    ({ events }) =>
      events.findLast(({ kind, subject }) => kind.startsWith("test.") && subject === project)?.seq,
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was told last is why it is asked again.
  useEffect(() => {
    const leaving = new AbortController();
    call("queue.tests", { project }).then((now) => {
      if (!leaving.signal.aborted) setFlaky(now);
    }, toastError);
    return () => leaving.abort();
  }, [project, told]);
  return flaky?.project === project ? flaky : null;
}
