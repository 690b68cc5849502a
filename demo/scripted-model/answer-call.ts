import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { ModelCall } from "./model-call.ts";
import type { RequestBody } from "./model-request.ts";
import type { AnswerPlan } from "./plan-answer.ts";
import type { ProfileBehaviour } from "./scenario.ts";
import type { PlainStep } from "./step.ts";
import { sendMessage, streamMessage } from "./stream-message.ts";
import { isRejected, type Unified, unifiedHeaders } from "./unified-headers.ts";
import { writeError, writeMessage } from "./write-message.ts";

interface Call {
  readonly body: RequestBody;
  readonly plan: AnswerPlan;
  readonly profile: ProfileBehaviour | null;
  readonly unified: Unified | undefined;
  /** Main-loop calls with the same credential under way, this one included. */
  readonly concurrent: number;
}

/** Plays a planned answer to the client and tells how it went. Rejects with the signal's reason when the client leaves. */
export async function answerCall(
  response: ServerResponse,
  call: Call,
  signal: AbortSignal,
): Promise<ModelCall["status"]> {
  const { body, plan } = call;
  const windows = call.unified ? unifiedHeaders(call.unified, Date.now()) : {};
  const refuse = (error: Omit<Extract<PlainStep, { kind: "error" }>, "kind">, told = windows) => {
    const answer = writeError(error, Date.now());
    const headers = { "content-type": "application/json", ...told, ...answer.headers };
    response.writeHead(answer.status, headers).end(JSON.stringify(answer.body));
    return answer.status;
  };

  const refusal = standingRefusal(call);
  // Claude Code takes any 429 that tells of windows for a window that is used up, whatever its text (2.1.329).
  if (refusal) return refuse(refusal, refusal.message === undefined ? windows : {});
  const [first] = plan.turn;
  if (first?.kind === "error") {
    await wait((first.delay ?? 0) * 1000, undefined, { signal });
    return refuse(first);
  }
  if (first?.kind === "hang") {
    await wait(first.seconds * 1000, undefined, { signal });
    response.destroy();
    return "hang";
  }

  const message = writeMessage(plan, body);
  const answer = { ...message, headers: { ...windows, ...message.headers } };
  await wait(message.delayMs, undefined, { signal });
  if (body.stream) await streamMessage(response, answer, signal);
  else if (message.isCut) response.destroy();
  else sendMessage(response, answer);
  return message.isCut ? "cut" : 200;
}

/** What a profile's state refuses whatever was asked: a dead login, a spent window, too many sessions at once. */
function standingRefusal({
  plan,
  profile,
  unified,
  concurrent,
}: Call): Omit<Extract<PlainStep, { kind: "error" }>, "kind"> | null {
  if (profile?.reject) {
    const { status, message } = profile.reject;
    return { status, ...(message === undefined ? {} : { message }) };
  }
  if (unified && isRejected(unified) && plan.role !== "probe") {
    return { status: 429, headers: { "x-should-retry": "true" } };
  }
  if (profile?.maxConcurrent && concurrent > profile.maxConcurrent) {
    return { status: 429, message: profile.concurrentMessage ?? "Too many concurrent sessions" };
  }
  return null;
}
