import { expect, test } from "vitest";
import { ProjectName } from "../../../shared/model/ids.ts";
import { withOlderStore } from "./with-older-store.ts";

/** The version before a landing could bring several entries. */
const BEFORE = 8;
const ROWS = `
      INSERT INTO projects VALUES ('app', '/repos/app', 'main', '[]', 1, 'merge', 'auto', 6, '{"state":"running","reason":null}', 'fill');
      INSERT INTO tasks (id, number, project, title, body, status, since, priority, labels, paths, acceptance, attempts, commits, checks, created_at)
        VALUES ('t-1', 1, 'app', 't', '', 'queued', '2026-11-21T09:00:00.000Z', 3, '[]', '[]', '[]', 1, 1, '[]', '2026-11-21T09:00:00.000Z');
      INSERT INTO entries (id, number, project, task, branch, state, files, head, checks, conflicts_with, since, enqueued_at, attempt, priority, rank)
        VALUES ('q-1', 1, 'app', 't-1', 'b', 'landing', '[]', 'h', '[]', '[]', '2026-11-21T10:00:00.000Z', '2026-11-21T09:00:00.000Z', 1, 3, 1);
      INSERT INTO landings (entry, project, target, "from", "to", state) VALUES
        ('q-1', 'app', 'main', 'a', 'b', 'done'), ('q-1', 'app', 'main', 'b', 'c', 'intent')
`;

test("a landing of the version before brings its one entry, which waits since it was queued", () => {
  withOlderStore(BEFORE, ROWS, (store) => {
    const app = ProjectName.parse("app");
    expect(store.landings.listDone(app)).toMatchObject([{ entry: "q-1", entries: ["q-1"] }]);
    expect(store.landings.listOpen()).toMatchObject([{ entries: ["q-1"] }]);
    const [entry] = store.entries.list();
    expect(entry).toMatchObject({ waitsFrom: "2026-11-21T09:00:00.000Z", batch: null });
    const settle = (id: number) => store.write("x", () => store.landings.settle(id, "aborted"));
    expect(() => settle(1)).toThrow("settled");
    settle(2);
  });
});
