/**
 * What sessions hold open for a person, what they leave to the next one, what was taken away and can be put back, and whether
 * work goes out at all.
 */
export const lastingSessions = `
ALTER TABLE sessions ADD COLUMN labels TEXT NOT NULL DEFAULT '[]' CHECK (json_type(labels) = 'array');
ALTER TABLE sessions ADD COLUMN recovery TEXT CHECK (json_type(recovery) = 'object');
ALTER TABLE sessions ADD COLUMN concern TEXT CHECK (json_type(concern) = 'object');
ALTER TABLE tasks ADD COLUMN handoffs INTEGER NOT NULL DEFAULT 0 CHECK (handoffs >= 0);

INSERT INTO counters VALUES ('a', 0);
CREATE TABLE asks (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (id = 'a-' || number),
  kind TEXT NOT NULL CHECK (kind IN ('permission', 'question', 'plan', 'gate')),
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  task TEXT,
  project TEXT,
  profile TEXT NOT NULL,
  tool TEXT NOT NULL,
  summary TEXT NOT NULL,
  detail TEXT NOT NULL,
  why TEXT,
  questions TEXT NOT NULL CHECK (json_type(questions) = 'array'),
  state TEXT NOT NULL CHECK (state IN ('open', 'allowed', 'denied', 'answered', 'in-pane', 'gone')),
  note TEXT,
  opened_at TEXT NOT NULL,
  closed_at TEXT,
  request TEXT NOT NULL UNIQUE,
  input TEXT NOT NULL,
  CHECK ((closed_at IS NULL) = (state = 'open'))
) STRICT;
CREATE INDEX open_asks ON asks (number) WHERE state = 'open';
CREATE INDEX asks_by_session ON asks (session);

CREATE TABLE approvals (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  project TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  tool TEXT NOT NULL,
  input TEXT NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (project, tool, input)
) STRICT;

CREATE TABLE handoffs (
  task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number >= 1),
  session TEXT NOT NULL,
  by TEXT NOT NULL CHECK (by IN ('worker', 'supervisor')),
  note TEXT NOT NULL CHECK (json_type(note) = 'object'),
  at TEXT NOT NULL,
  PRIMARY KEY (task, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE removals (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  project TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  path TEXT NOT NULL,
  branch TEXT NOT NULL,
  head TEXT NOT NULL,
  rescue TEXT,
  why TEXT NOT NULL,
  at TEXT NOT NULL,
  restored_at TEXT
) STRICT;
CREATE INDEX removals_by_task ON removals (task);

CREATE TABLE fleet (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  is_halted INTEGER NOT NULL CHECK (is_halted IN (0, 1)),
  reason TEXT,
  since TEXT NOT NULL
) STRICT;
INSERT INTO fleet VALUES (1, 0, NULL, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'));
`;
