/** One landing can bring several entries; which are tested together, and since when an entry counts as waiting for its turn. */
export const batches = `
ALTER TABLE entries ADD COLUMN batch TEXT CHECK (json_type(batch) = 'object');
ALTER TABLE entries ADD COLUMN waits_from TEXT NOT NULL DEFAULT '';
UPDATE entries SET waits_from = enqueued_at;

DROP TRIGGER landings_settle_once;
ALTER TABLE landings ADD COLUMN entries TEXT NOT NULL DEFAULT '[]' CHECK (json_type(entries) = 'array');
UPDATE landings SET entries = json_array(entry);
CREATE TRIGGER landings_settle_once BEFORE UPDATE ON landings WHEN OLD.state <> 'intent'
BEGIN SELECT RAISE(ABORT, 'this landing is settled'); END;
`;
