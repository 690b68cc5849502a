/** Whose work a branch was begun on is told by the commits that it holds. */
export const entriesByHead = `
CREATE INDEX entries_by_head ON entries (head);
`;
