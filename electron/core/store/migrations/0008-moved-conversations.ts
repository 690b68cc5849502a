/**
 * Whether conversations may move away from a profile or to it, and where a session's conversation came from; where its provider
 * keeps the record of it, and the model it speaks with.
 */
export const movedConversations = `
ALTER TABLE profiles ADD COLUMN moves TEXT NOT NULL DEFAULT 'none' CHECK (moves IN ('none', 'out', 'in', 'both'));
ALTER TABLE sessions ADD COLUMN moved_from TEXT CHECK (moved_from IS NULL OR json_type(moved_from) = 'object');
ALTER TABLE sessions ADD COLUMN record_file TEXT;
ALTER TABLE sessions ADD COLUMN spoken_model TEXT;

CREATE TABLE intents_with_moves (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('start-session', 'stop-session', 'remove-worktree', 'move-conversation')),
  subject TEXT NOT NULL,
  data TEXT NOT NULL CHECK (json_type(data) = 'object'),
  opened_at TEXT NOT NULL,
  closed_at TEXT,
  outcome TEXT,
  CHECK ((closed_at IS NULL) = (outcome IS NULL))
) STRICT;
INSERT INTO intents_with_moves SELECT id, kind, subject, data, opened_at, closed_at, outcome FROM intents;
DROP TABLE intents;
ALTER TABLE intents_with_moves RENAME TO intents;
CREATE INDEX open_intents ON intents (id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX one_move_at_a_time ON intents (subject) WHERE closed_at IS NULL AND kind = 'move-conversation';
`;
