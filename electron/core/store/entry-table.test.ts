import { expect, test } from "vitest";
import { EntryId, ProjectName } from "../../../shared/model/ids.ts";
import { freshPull } from "../../../shared/model/pull-request.ts";
import { withOlderStore } from "./with-older-store.ts";

/** The version before an entry could be proposed. */
const BEFORE = 13;
const ROWS = `
  INSERT INTO projects VALUES ('app', '/repos/app', 'main', '[]', 1, 'merge', 'auto', 6, '{"state":"running","reason":null}', 'fill');
  INSERT INTO tasks (id, number, project, title, body, status, since, priority, labels, paths, acceptance, attempts, commits, checks, created_at)
    VALUES ('t-1', 1, 'app', 't', '', 'queued', '2026-11-21T09:00:00.000Z', 3, '[]', '[]', '[]', 1, 1, '[]', '2026-11-21T09:00:00.000Z');
  INSERT INTO entries (id, number, project, task, branch, state, files, head, checks, conflicts_with, since, enqueued_at, attempt, priority, rank, batch, waits_from, hotfix_at)
    VALUES ('q-1', 1, 'app', 't-1', 'a', 'landed', '["f"]', 'h', '[]', '[]', '2026-11-21T10:00:00.000Z', '2026-11-21T09:00:00.000Z', 1, 3, 1, NULL, '2026-11-21T08:00:00.000Z', '2026-11-21T08:30:00.000Z'),
    ('q-2', 2, 'app', 't-1', 'b', 'queued', '[]', 'i', '[]', '[]', '2026-11-21T10:00:00.000Z', '2026-11-21T09:00:00.000Z', 1, 3, 2, NULL, '2026-11-21T09:00:00.000Z', NULL);
  INSERT INTO landings (id, entry, project, target, "from", "to", state, entries) VALUES
    (7, 'q-1', 'app', 'main', 'a', 'b', 'done', '["q-1"]')
`;

test("entries and landings of the version before are all there, and what is open can be proposed", () => {
  withOlderStore(BEFORE, ROWS, (store) => {
    expect(store.landings.listDone(ProjectName.parse("app"))).toMatchObject([
      { id: 7, entry: "q-1", entries: ["q-1"] },
    ]);
    const landed = { hotfixAt: "2026-11-21T08:30:00.000Z", files: ["f"], pullRequest: null };
    expect(store.entries.find(EntryId.parse("q-1"))).toMatchObject(landed);
    const id = EntryId.parse("q-2");
    const propose = (pullRequest: ReturnType<typeof freshPull> | null) =>
      store.write("x", () => store.entries.update(id, { state: "proposed", pullRequest }));
    expect(() => propose(null)).toThrow("CHECK");
    const pullRequest = freshPull({ remote: "origin", target: "main" }, null);
    propose(pullRequest);
    expect(store.entries.find(id)).toMatchObject({ position: 1, state: "proposed", pullRequest });
  });
});
