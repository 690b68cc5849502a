/** Which tests flip, and in how many runs of their check that is known; tests that never flipped have no row. */
export const testHealth = `
CREATE TABLE test_checks (
  project TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  command TEXT NOT NULL,
  runs INTEGER NOT NULL CHECK (runs >= 0),
  ran INTEGER NOT NULL CHECK (ran >= 0),
  PRIMARY KEY (project, command)
) STRICT, WITHOUT ROWID;

CREATE TABLE test_health (
  project TEXT NOT NULL,
  command TEXT NOT NULL,
  test TEXT NOT NULL CHECK (test <> ''),
  flips TEXT NOT NULL CHECK (json_type(flips) = 'array'),
  quarantined_at TEXT,
  quarantined_until TEXT,
  task TEXT,
  PRIMARY KEY (project, command, test),
  FOREIGN KEY (project, command) REFERENCES test_checks ON DELETE CASCADE,
  CHECK ((quarantined_at IS NULL) = (quarantined_until IS NULL))
) STRICT, WITHOUT ROWID;
`;
