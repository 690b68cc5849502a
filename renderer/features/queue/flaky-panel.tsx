import { useEffect, useState } from "react";
import type { FlakyTest, FlakyTests } from "../../../shared/model/flaky-test.ts";
import type { ProjectName, TaskId } from "../../../shared/model/ids.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { formatCount } from "../../ui/format-amount.ts";
import type { Look } from "../../ui/state-mark.tsx";
import { toastError } from "../../ui/toasts.tsx";
import { FlakyRow } from "./flaky-row.tsx";
import { toggleFlakyTests, useFlakyView } from "./flaky-view-store.ts";
import { FoldPanel } from "./fold-panel.tsx";

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
    <FoldPanel
      label="Flaky tests"
      look={lookOf(quarantined, flaky.tests.length)}
      note={
        quarantined > 0
          ? `They run, and keep no work back. At most ${flaky.max} of ${known} are at once.`
          : "Red and then green on the very same tree. Three times in fifty runs quarantine a test."
      }
      isShown={isShown}
      onToggle={toggleFlakyTests}
      heightMax="max-h-[40%]"
    >
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
    </FoldPanel>
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
