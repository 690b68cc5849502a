/**
 * An entry can be proposed as a pull request. Its table is made anew for the state, and with it the one that refers to it: dropped
 * first, or every landing would go with its entry.
 */
export const pullRequests = `
CREATE TABLE kept_landings AS SELECT id, entry, project, target, "from", "to", state, entries FROM landings;
DROP TABLE landings;

CREATE TABLE entries_with_proposals (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (id = 'q-' || number),
  project TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  branch TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'preparing', 'checking', 'awaiting-approval', 'proposed', 'landing', 'landed',
    'returned', 'held', 'removed')),
  reason TEXT,
  files TEXT NOT NULL CHECK (json_type(files) = 'array'),
  head TEXT NOT NULL,
  base TEXT,
  candidate TEXT,
  candidate_tree TEXT,
  checks TEXT NOT NULL CHECK (json_type(checks) = 'array'),
  conflicts_with TEXT NOT NULL CHECK (json_type(conflicts_with) = 'array'),
  approved_at TEXT,
  summary TEXT,
  since TEXT NOT NULL,
  enqueued_at TEXT NOT NULL,
  attempt INTEGER NOT NULL CHECK (attempt >= 1),
  priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 5),
  rank INTEGER NOT NULL,
  batch TEXT CHECK (json_type(batch) = 'object'),
  waits_from TEXT NOT NULL DEFAULT '',
  hotfix_at TEXT,
  pull_request TEXT CHECK (json_type(pull_request) = 'object'),
  CHECK (state <> 'proposed' OR pull_request IS NOT NULL)
) STRICT;
INSERT INTO entries_with_proposals SELECT number, id, project, task, branch, state, reason, files, head, base, candidate,
  candidate_tree, checks, conflicts_with, approved_at, summary, since, enqueued_at, attempt, priority, rank, batch, waits_from,
  hotfix_at, NULL FROM entries;
DROP TABLE entries;
ALTER TABLE entries_with_proposals RENAME TO entries;
CREATE UNIQUE INDEX one_open_entry_per_branch ON entries (project, branch) WHERE state NOT IN ('landed', 'returned', 'removed');
CREATE INDEX open_entries ON entries (project, priority, rank) WHERE state NOT IN ('landed', 'returned', 'removed');
CREATE INDEX entries_by_task ON entries (task);
CREATE INDEX entries_by_head ON entries (head);

CREATE TABLE landings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entry TEXT NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
  project TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  target TEXT NOT NULL,
  "from" TEXT NOT NULL,
  "to" TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('intent', 'done', 'aborted')),
  entries TEXT NOT NULL DEFAULT '[]' CHECK (json_type(entries) = 'array')
) STRICT;
INSERT INTO landings SELECT * FROM kept_landings;
DROP TABLE kept_landings;
CREATE UNIQUE INDEX one_landing_under_way ON landings (project, target) WHERE state = 'intent';
CREATE TRIGGER landings_settle_once BEFORE UPDATE ON landings WHEN OLD.state <> 'intent'
BEGIN SELECT RAISE(ABORT, 'this landing is settled'); END;
`;
