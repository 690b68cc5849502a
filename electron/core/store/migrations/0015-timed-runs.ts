/** What green runs of checks took alone and beside others; of a project only those of the checks that it has now. */
export const timedRuns = `
CREATE TABLE timed_runs (
  id INTEGER PRIMARY KEY,
  project TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  spec_hash TEXT NOT NULL,
  at_once INTEGER NOT NULL CHECK (at_once >= 1),
  took_ms REAL NOT NULL CHECK (took_ms >= 0),
  shared_ms REAL NOT NULL CHECK (shared_ms >= 0 AND shared_ms <= took_ms),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX timed_runs_by_project ON timed_runs (project, at_once);
`;
