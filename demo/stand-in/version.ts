/** The version of Claude Code whose ways are imitated. */
export const VERSION = "2.1.329";
