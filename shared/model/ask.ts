import { z } from "zod";
import { AskId, Instant, ProfileName, ProjectName, SessionId, TaskId } from "./ids.ts";

/** `gate`: a command that the list of destructive ones stopped; `plan`: a plan that waits for a yes. */
export const AskKind = z.enum(["permission", "question", "plan", "gate"]);
export type AskKind = z.infer<typeof AskKind>;

/** `in-pane`: answered in the session's own terminal; `gone`: whoever asked waits no more. */
export const AskState = z.enum(["open", "allowed", "denied", "answered", "in-pane", "gone"]);
export type AskState = z.infer<typeof AskState>;

export const Question = z.object({
  question: z.string(),
  header: z.string().nullable(),
  isMultiple: z.boolean(),
  /** Empty: any text answers it. */
  options: z.array(z.object({ label: z.string(), description: z.string().nullable() })),
});
export type Question = z.infer<typeof Question>;

/** Something a session's program holds open until somebody answers it: here, in another window, or in its pane. */
export const Ask = z.object({
  id: AskId,
  kind: AskKind,
  session: SessionId,
  task: TaskId.nullable(),
  project: ProjectName.nullable(),
  profile: ProfileName,
  tool: z.string(),
  /** One line: the command, the file, the question. */
  summary: z.string(),
  /** All of it, as it would run or reads; cut at 20,000 characters. */
  detail: z.string(),
  /** Why it stopped, where a rule stopped it. */
  why: z.string().nullable(),
  questions: z.array(Question),
  state: AskState,
  /** What was said with a no; once `answered`, the answers as JSON, lists of texts by question. */
  note: z.string().nullable(),
  openedAt: Instant,
  closedAt: Instant.nullable(),
});
export type Ask = z.infer<typeof Ask>;

export const AskAnswer = z.discriminatedUnion("kind", [
  /** `isRemembered`: the same input of the same tool in the same project passes without being asked again. */
  z.strictObject({ kind: z.literal("allow"), isRemembered: z.boolean().optional() }),
  z.strictObject({ kind: z.literal("deny"), note: z.string().max(5_000).optional() }),
  /** By question text: the labels chosen, or one text of the person's own. */
  z.strictObject({
    kind: z.literal("choose"),
    answers: z.record(z.string(), z.array(z.string().max(5_000)).min(1)),
  }),
]);
export type AskAnswer = z.infer<typeof AskAnswer>;

/** A destructive command that a person let through once and for all, exactly as it was asked; or a permission mode, for a while. */
export const Approval = z.object({
  id: z.number().int().positive(),
  project: ProjectName,
  /** The one task it holds for; null: the whole project. */
  task: TaskId.nullable(),
  tool: z.string(),
  input: z.string(),
  at: Instant,
  /** When it ends by itself; null: never. */
  until: Instant.nullable(),
});
export type Approval = z.infer<typeof Approval>;
