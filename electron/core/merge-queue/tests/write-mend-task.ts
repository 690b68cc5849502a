import type { TaskId } from "../../../../shared/model/ids.ts";
import type { Project } from "../../../../shared/model/project.ts";
import type { NewTask, Store, TestHealth } from "../../store/store.ts";

const TITLE_MAX = 200;
const PRIORITY = 3;

/** The task that a quarantined test has, or a new one: again only when the last one landed and did not help. */
export function mendTask(store: Store, project: Project, health: TestHealth): TaskId {
  const known = health.task === null ? undefined : store.tasks.find(health.task);
  if (known && known.status !== "landed") return known.id;
  return store.write("queue", (record) => {
    const task = store.tasks.insert(newTask(project, health));
    record("task.created", task.id, { title: task.title, project: project.name });
    return task.id;
  });
}

function newTask({ name }: Project, { test, command, flips }: TestHealth): NewTask {
  return {
    project: name,
    plan: null,
    title: `Mend the flaky test: ${test}`.slice(0, TITLE_MAX),
    body: [
      `The test "${test}" cannot be relied on: ${flips.length} times of late it failed and then passed on the very same files.`,
      `It is part of the check: ${command}`,
      "",
      "Until it is mended or its quarantine ends it still runs, and its failure keeps no work from landing.",
      "Find out what it depends on that is not the same in every run (time, order, a port, a race, the machine's speed), and mend the cause in the code or in the test.",
      "Do not delete the test, do not skip it, and do not make it try again until it passes.",
    ].join("\n"),
    status: "ready",
    reason: null,
    priority: PRIORITY,
    after: [],
    labels: ["flaky-test"],
    paths: [],
    pinnedProfile: null,
    model: null,
    acceptance: [],
  };
}
