/**
 * In which permission mode a task is to run and a session was started. A mode in which nothing is asked is accepted for a while,
 * for a project or for one task; what was accepted before there was an end gets eight hours.
 */
export const acceptedModes = `
ALTER TABLE tasks ADD COLUMN permission_mode TEXT;
ALTER TABLE sessions ADD COLUMN permission_mode TEXT;

CREATE TABLE approvals_with_end (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  task TEXT REFERENCES tasks (id) ON DELETE CASCADE,
  tool TEXT NOT NULL,
  input TEXT NOT NULL,
  at TEXT NOT NULL,
  until TEXT,
  CHECK (tool <> 'permission-mode' OR until IS NOT NULL)
) STRICT;
INSERT INTO approvals_with_end (id, project, tool, input, at, until)
  SELECT id, project, tool, input, at,
    CASE tool WHEN 'permission-mode' THEN strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+8 hours') END
  FROM approvals;
DROP TABLE approvals;
ALTER TABLE approvals_with_end RENAME TO approvals;
CREATE UNIQUE INDEX one_approval_of_a_kind ON approvals (project, ifnull(task, ''), tool, input);
CREATE INDEX approvals_by_task ON approvals (task) WHERE task IS NOT NULL;
`;
