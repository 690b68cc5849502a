import type { Profile } from "../../../shared/model/profile.ts";

/** A login that was looked at this recently is not asked for again before a start: each question costs half a second of a core. */
const ANSWER_AGE_MS = 10 * 60_000;

/** Whether it was last asked too long ago who is signed in; an answer of the future is of a clock that was set back since. */
export function isAnswerOld({ checkedAt }: Pick<Profile, "checkedAt">, now: Date): boolean {
  return checkedAt === null || Math.abs(now.getTime() - Date.parse(checkedAt)) > ANSWER_AGE_MS;
}
