import type { EntryId } from "../../../../shared/model/ids.ts";
import type { EntryRecord } from "../../store/store.ts";
import { createQueueFixture, type QueueFixture } from "../queue-fixture.ts";

/** For tests only: a queue that runs, of which the auditor judges the end. */
export async function runQueue(
  options: Parameters<typeof createQueueFixture>[0] = {},
): Promise<QueueFixture> {
  const fixture = await createQueueFixture(options);
  await startQueue(fixture);
  return fixture;
}

export async function startQueue({ queue }: QueueFixture): Promise<void> {
  await queue.settle(new AbortController().signal);
}

export function untilState(
  fixture: QueueFixture,
  id: EntryId,
  state: EntryRecord["state"],
): Promise<EntryRecord> {
  return fixture.until(id, (entry) => entry.state === state);
}
