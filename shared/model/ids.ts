import { z } from "zod";

/** Ids are short and readable: a letter and a number counted up in one data folder. */
export const TaskId = z
  .string()
  .regex(/^t-\d+$/, "a task is named like t-7")
  .brand("TaskId");
export type TaskId = z.infer<typeof TaskId>;

export const PlanId = z
  .string()
  .regex(/^p-\d+$/, "a plan is named like p-1")
  .brand("PlanId");
export type PlanId = z.infer<typeof PlanId>;

export const SessionId = z
  .string()
  .regex(/^s-\d+$/, "a session is named like s-19")
  .brand("SessionId");
export type SessionId = z.infer<typeof SessionId>;

export const EntryId = z
  .string()
  .regex(/^q-\d+$/, "a queue entry is named like q-4")
  .brand("EntryId");
export type EntryId = z.infer<typeof EntryId>;

export const AskId = z
  .string()
  .regex(/^a-\d+$/, "an ask is named like a-2")
  .brand("AskId");
export type AskId = z.infer<typeof AskId>;

/** Profiles and projects are known by their names: they become folder names, so the alphabet is narrow. */
const name = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/,
    "a name has 1 to 40 letters, digits, dots, dashes or underscores and starts with a letter or digit",
  );

export const ProfileName = name.brand("ProfileName");
export type ProfileName = z.infer<typeof ProfileName>;

export const ProjectName = name.brand("ProjectName");
export type ProjectName = z.infer<typeof ProjectName>;

/** A moment as ISO 8601 in UTC with milliseconds, e.g. `2026-11-21T09:00:00.000Z`. */
export const Instant = z.iso.datetime();
export type Instant = z.infer<typeof Instant>;

/** A full git object id. */
export const Oid = z.string().regex(/^[0-9a-f]{40,64}$/);
export type Oid = z.infer<typeof Oid>;
