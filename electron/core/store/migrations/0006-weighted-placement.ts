/** One more way to choose a profile. A CHECK cannot be changed in place: the column is made anew. */
export const weightedPlacement = `
ALTER TABLE projects RENAME COLUMN strategy TO earlier_strategy;
ALTER TABLE projects ADD COLUMN strategy TEXT NOT NULL DEFAULT 'least-loaded'
  CHECK (strategy IN ('fill', 'round-robin', 'least-loaded', 'weighted'));
UPDATE projects SET strategy = earlier_strategy;
ALTER TABLE projects DROP COLUMN earlier_strategy;
`;
