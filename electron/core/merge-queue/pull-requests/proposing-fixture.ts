import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { type EntryId, ProjectName } from "../../../../shared/model/ids.ts";
import type { PullRequest } from "../../../../shared/model/pull-request.ts";
import { type Clock, systemClock } from "../../base/clock.ts";
import type { Files } from "../../git/test-repository.ts";
import { createQueueFixture, openQueue } from "../queue-fixture.ts";
import { createGh } from "./gh-fixture.ts";

export const APP = ProjectName.parse("app");
const ADDRESS = "https://github.com/acme/app.git";

/** For tests only: a queue whose project proposes at `origin`, which is a bare repository with a `gh` beside it. Time passes when the test says so. */
export async function createProposing(options: Parameters<typeof createQueueFixture>[0] = {}) {
  let laterMs = 0;
  let name: string | null = "origin";
  const clock: Clock = {
    ...systemClock,
    now: () => new Date(Date.now() + laterMs),
    every: () => ({ [Symbol.dispose]: () => undefined }),
  };
  const parts = { clock, proposesTo: () => name };
  let gh: ReturnType<typeof createGh> | null = null;
  let then = async (_verb: string): Promise<void> => undefined;
  const runGh: ReturnType<typeof createGh>["runGh"] = async (args, where) => {
    const end = gh ? await gh.runGh(args, where) : { kind: "missing" as const };
    await then(args[1] ?? "");
    return end;
  };
  const fixture = await createQueueFixture({ ...options, parts: { ...parts, runGh } });
  const { place, store, queue } = fixture;
  const bare = join(place.folder, "remote.git");
  await place.git("init", "-q", "--bare", "-b", "main", bare);
  await place.git("remote", "add", "origin", ADDRESS);
  const config = join(place.repo.commonDir, "config");
  appendFileSync(config, `[url "${bare}"]\n\tinsteadOf = ${ADDRESS}\n`);
  await place.git("push", "-q", "origin", "main");
  const program = createGh(place.folder, bare);
  gh = program;
  await queue.settle(new AbortController().signal);
  const find = (id: EntryId) => {
    const entry = store.entries.find(id);
    if (!entry) throw new Error(`${id} is gone`);
    return entry;
  };
  return {
    fixture,
    gh: program,
    find,
    /** There is no such program from now on. */
    loseGh: () => {
      gh = null;
    },
    findGh: () => {
      gh = program;
    },
    untilPull: async (id: EntryId, isMet: (pull: PullRequest) => boolean) => {
      const entry = await fixture.until(
        id,
        (now) => now.pullRequest != null && isMet(now.pullRequest),
      );
      return entry.pullRequest as PullRequest;
    },
    async propose(file = "new.txt") {
      const { id } = await fixture.queueWork({ [file]: "new\n" });
      await fixture.until(id, (now) => now.pullRequest?.number != null);
      return id;
    },
    /** What happens between the first time that gh is asked for this and its answer. It is given the newest entry. */
    hears: <T>(verb: string, act: (id: EntryId) => T | Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        then = async (asked) => {
          const newest = store.entries.list({ isOpen: true }).at(-1);
          if (asked !== verb || !newest) return;
          then = async () => undefined;
          await Promise.resolve(act(newest.id)).then(resolve, reject);
        };
      }),
    /** Its worker has changed the files, on top of what it had or all anew, and is done once more. */
    async queueAgain(id: EntryId, files: Files, isRewritten = false) {
      const { task, branch, attempt, priority } = find(id);
      if (isRewritten) await place.git("branch", "-f", branch, "main");
      const head = await place.commitOn(branch, files);
      const plain = { project: APP, task, branch, head, priority, summary: null };
      return store.write("test", () => queue.enqueue({ ...plain, attempt: attempt + 1 }));
    },
    look: () => queue.proposals.lookNow(APP),
    later(ms: number) {
      laterMs += ms;
      queue.proposals.lookAgain();
    },
    setRemote(next: string | null) {
      name = next;
    },
    kinds: (id: EntryId) => store.events.since(0, { subject: id }).map(({ kind }) => kind),
    /** Another core on the same rows, as after a crash. */
    again: () => openQueue(fixture.home, undefined, "auto", { ...parts, runGh }),
  };
}

export const isOpened = ({ number }: PullRequest) => number !== null;
