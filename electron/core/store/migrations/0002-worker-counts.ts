/** A worker that ends its turn without `task_done` is reminded once, one that keeps failing is parked; a story is read by its subject. */
export const workerCounts = `
ALTER TABLE tasks ADD COLUMN reminders INTEGER NOT NULL DEFAULT 0 CHECK (reminders >= 0);
ALTER TABLE tasks ADD COLUMN failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0);
CREATE INDEX events_by_subject ON events (subject, seq);
`;
