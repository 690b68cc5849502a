/** What was asked of a session and what it does again and again, so that a watch over it goes on after a crash. */
export const watchedSessions = `
ALTER TABLE sessions ADD COLUMN handoff_ask TEXT CHECK (json_type(handoff_ask) = 'object');
ALTER TABLE sessions ADD COLUMN call_run TEXT CHECK (json_type(call_run) = 'object');
ALTER TABLE sessions ADD COLUMN commit_mark TEXT CHECK (json_type(commit_mark) = 'object');
`;
