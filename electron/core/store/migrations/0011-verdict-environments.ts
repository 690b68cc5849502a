/** What checks ran in beside their tree. Of verdicts from before it is unknown, and stays so: they are append only. */
export const verdictEnvironments = `
ALTER TABLE verdicts ADD COLUMN env_hash TEXT CHECK (env_hash <> '');
`;
