import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers } from "../../../shared/contract/rpc.ts";
import type { Clock } from "../base/clock.ts";
import { forgetTests, listFlakyTests, releaseTest } from "../merge-queue/tests/release-test.ts";
import type { Store } from "../store/store.ts";
import { findProject } from "./find-project.ts";

type TestCalls = "queue.tests" | "queue.release-test" | "queue.forget-tests";

/** Tests that cannot be relied on: all of it is rows, so it works without a running queue. */
export function handleTests({
  store,
  clock,
}: {
  readonly store: Store;
  readonly clock: Clock;
}): Pick<Handlers<AppContract>, TestCalls> {
  const now = () => clock.now().toISOString();
  const list = (project: string) => listFlakyTests(store, findProject(store, project), now());
  return {
    "queue.tests": ({ project }) => list(project),
    "queue.release-test": ({ project, test }) => {
      releaseTest(store, findProject(store, project), test, now());
      return list(project);
    },
    "queue.forget-tests": ({ project, check }) => {
      forgetTests(store, findProject(store, project), check);
      return list(project);
    },
  };
}
