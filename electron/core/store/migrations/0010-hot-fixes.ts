/** Since when an entry goes before all others and a freeze does not keep it. */
export const hotFixes = `
ALTER TABLE entries ADD COLUMN hotfix_at TEXT;
`;
