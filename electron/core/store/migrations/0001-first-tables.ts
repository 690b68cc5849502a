const NOT_LIVE = "('stopped', 'ended', 'failed')";
const CLOSED = "('landed', 'returned', 'removed')";

/** Ids are a letter and a number; the number orders the rows. Lists and small objects are JSON, checked to be that. */
export const firstTables = `
CREATE TABLE identity (
  -- Tells this store from another that is put in its place.
  store TEXT NOT NULL
) STRICT;

CREATE TABLE counters (
  letter TEXT PRIMARY KEY,
  last INTEGER NOT NULL CHECK (last >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO counters VALUES ('t', 0), ('p', 0), ('s', 0), ('q', 0);
CREATE TRIGGER ids_are_never_used_again BEFORE UPDATE ON counters WHEN NEW.last <= OLD.last
BEGIN SELECT RAISE(ABORT, 'a counter only goes up'); END;

CREATE TABLE projects (
  name TEXT PRIMARY KEY,
  path TEXT NOT NULL UNIQUE,
  target TEXT NOT NULL,
  checks TEXT NOT NULL CHECK (json_type(checks) = 'array'),
  without_checks INTEGER NOT NULL CHECK (without_checks IN (0, 1)),
  land TEXT NOT NULL CHECK (land IN ('merge', 'squash', 'rebase')),
  approve TEXT NOT NULL CHECK (approve IN ('auto', 'human')),
  strategy TEXT NOT NULL CHECK (strategy IN ('fill', 'round-robin', 'least-loaded')),
  max_workers INTEGER NOT NULL CHECK (max_workers >= 1),
  queue TEXT NOT NULL CHECK (queue ->> 'state' IN ('running', 'paused'))
) STRICT, WITHOUT ROWID;

CREATE TABLE profiles (
  name TEXT PRIMARY KEY,
  provider TEXT NOT NULL,
  plan TEXT NOT NULL CHECK (plan IN ('free', 'pro', 'max', 'api', 'custom')),
  dir TEXT,
  cap INTEGER NOT NULL CHECK (cap >= 1),
  learned_cap INTEGER CHECK (learned_cap >= 0),
  executable TEXT,
  env TEXT NOT NULL CHECK (json_type(env) = 'object'),
  state TEXT NOT NULL CHECK (state IN ('ready', 'unchecked', 'signed-out', 'resting', 'incident', 'disabled')),
  reason TEXT,
  rests_until TEXT,
  account TEXT CHECK (json_type(account) = 'object'),
  checked_at TEXT,
  "order" INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- One folder is one login; null is the provider's own folder.
CREATE UNIQUE INDEX one_profile_per_folder ON profiles (provider, ifnull(dir, ''));

CREATE TABLE plans (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (id = 'p-' || number),
  project TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  title TEXT NOT NULL CHECK (title <> ''),
  state TEXT NOT NULL CHECK (state IN ('draft', 'active', 'paused', 'cancelled')),
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX plans_by_project ON plans (project);

CREATE TABLE tasks (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (id = 't-' || number),
  project TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  plan TEXT REFERENCES plans (id) ON DELETE SET NULL,
  title TEXT NOT NULL CHECK (title <> ''),
  body TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('draft', 'waiting', 'ready', 'running', 'parked', 'needs-input', 'queued',
    'landed', 'failed', 'cancelled')),
  reason TEXT,
  since TEXT NOT NULL,
  priority INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 5),
  labels TEXT NOT NULL CHECK (json_type(labels) = 'array'),
  paths TEXT NOT NULL CHECK (json_type(paths) = 'array'),
  pinned_profile TEXT,
  model TEXT,
  acceptance TEXT NOT NULL CHECK (json_type(acceptance) = 'array'),
  branch TEXT,
  worktree TEXT,
  session TEXT,
  profile TEXT,
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  commits INTEGER NOT NULL CHECK (commits >= 0),
  checks TEXT NOT NULL CHECK (json_type(checks) = 'array'),
  progress TEXT CHECK (json_type(progress) = 'object'),
  summary TEXT,
  landed TEXT CHECK (json_type(landed) = 'object'),
  created_at TEXT NOT NULL,
  handback TEXT,
  fork TEXT
) STRICT;
CREATE INDEX tasks_by_project ON tasks (project, status);
CREATE INDEX tasks_by_plan ON tasks (plan) WHERE plan IS NOT NULL;
CREATE UNIQUE INDEX one_task_per_branch ON tasks (project, branch) WHERE branch IS NOT NULL;

CREATE TABLE task_after (
  task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  after TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  PRIMARY KEY (task, after),
  CHECK (task <> after)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_dependents ON task_after (after);

CREATE TABLE sessions (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (id = 's-' || number),
  kind TEXT NOT NULL CHECK (kind IN ('worker', 'sign-in')),
  name TEXT NOT NULL,
  pinned INTEGER NOT NULL CHECK (pinned IN (0, 1)),
  task TEXT REFERENCES tasks (id) ON DELETE CASCADE,
  project TEXT REFERENCES projects ON DELETE CASCADE,
  -- No reference: sessions are history and stay when their profile goes.
  profile TEXT NOT NULL,
  provider TEXT NOT NULL,
  provider_session TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('starting', 'working', 'needs-input', 'idle', 'limited', 'interrupted', 'stopped',
    'ended', 'failed', 'unknown')),
  reason TEXT,
  since TEXT NOT NULL,
  evidence TEXT NOT NULL CHECK (json_type(evidence) = 'array'),
  placement TEXT NOT NULL CHECK (json_type(placement) = 'object'),
  pid INTEGER CHECK (pid > 0),
  start_ticks TEXT,
  exit TEXT CHECK (json_type(exit) = 'object'),
  link TEXT,
  started_at TEXT NOT NULL,
  ended_at TEXT,
  token TEXT NOT NULL UNIQUE,
  folder TEXT NOT NULL,
  cwd TEXT NOT NULL,
  cols INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  signal_seq INTEGER NOT NULL CHECK (signal_seq >= 0),
  is_resumed INTEGER NOT NULL CHECK (is_resumed IN (0, 1)),
  CHECK ((ended_at IS NOT NULL) = (state IN ${NOT_LIVE}))
) STRICT;
CREATE UNIQUE INDEX one_live_session_per_conversation ON sessions (provider, provider_session)
  WHERE state NOT IN ${NOT_LIVE};
CREATE UNIQUE INDEX one_live_worker_per_task ON sessions (task)
  WHERE kind = 'worker' AND task IS NOT NULL AND state NOT IN ${NOT_LIVE};
CREATE INDEX live_sessions_by_profile ON sessions (profile) WHERE state NOT IN ${NOT_LIVE};
CREATE INDEX sessions_by_task ON sessions (task) WHERE task IS NOT NULL;
CREATE INDEX sessions_by_project ON sessions (project);

CREATE TABLE entries (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (id = 'q-' || number),
  project TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  task TEXT NOT NULL REFERENCES tasks (id) ON DELETE CASCADE,
  branch TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'preparing', 'checking', 'awaiting-approval', 'landing', 'landed',
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
  rank INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_open_entry_per_branch ON entries (project, branch) WHERE state NOT IN ${CLOSED};
CREATE INDEX open_entries ON entries (project, priority, rank) WHERE state NOT IN ${CLOSED};
CREATE INDEX entries_by_task ON entries (task);

CREATE TABLE landings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entry TEXT NOT NULL REFERENCES entries (id) ON DELETE CASCADE,
  project TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
  target TEXT NOT NULL,
  "from" TEXT NOT NULL,
  "to" TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('intent', 'done', 'aborted'))
) STRICT;
-- A target branch is moved by one landing at a time.
CREATE UNIQUE INDEX one_landing_under_way ON landings (project, target) WHERE state = 'intent';
CREATE TRIGGER landings_settle_once BEFORE UPDATE ON landings WHEN OLD.state <> 'intent'
BEGIN SELECT RAISE(ABORT, 'this landing is settled'); END;

CREATE TABLE verdicts (
  id INTEGER PRIMARY KEY,
  tree TEXT NOT NULL,
  spec_hash TEXT NOT NULL,
  is_green INTEGER NOT NULL CHECK (is_green IN (0, 1)),
  results TEXT NOT NULL CHECK (json_type(results) = 'array'),
  at TEXT NOT NULL
) STRICT;
CREATE INDEX verdicts_by_tree ON verdicts (tree, spec_hash);
CREATE TRIGGER verdicts_never_change BEFORE UPDATE ON verdicts
BEGIN SELECT RAISE(ABORT, 'verdicts are append only'); END;
CREATE TRIGGER verdicts_never_go BEFORE DELETE ON verdicts
BEGIN SELECT RAISE(ABORT, 'verdicts are append only'); END;

CREATE TABLE intents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('start-session', 'stop-session', 'remove-worktree')),
  subject TEXT NOT NULL,
  data TEXT NOT NULL CHECK (json_type(data) = 'object'),
  opened_at TEXT NOT NULL,
  closed_at TEXT,
  outcome TEXT,
  CHECK ((closed_at IS NULL) = (outcome IS NULL))
) STRICT;
CREATE INDEX open_intents ON intents (id) WHERE closed_at IS NULL;

CREATE TABLE events (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  data TEXT NOT NULL CHECK (json_type(data) = 'object'),
  cause TEXT NOT NULL
) STRICT;
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events do not change'); END;
`;
