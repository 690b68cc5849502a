import { isLive, type Session } from "../../shared/model/session.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import type { CommandContext } from "./command-runner.ts";
import { type Report, verdict } from "./report.ts";

/**
 * The session as it is once `isReached` holds for it or it has ended; as it is then when that takes longer than `timeoutMs`.
 * Throws `needs-app` when the app ends meanwhile.
 */
export async function waitForSession(
  { ask, core: { client } }: Pick<CommandContext, "ask" | "core">,
  id: Session["id"],
  isReached: (session: Session) => boolean,
  timeoutMs: number,
): Promise<Session> {
  const done = Promise.withResolvers<Session>();
  // When the answer is known before anyone waits, what comes later has nobody to tell.
  done.promise.catch(() => {});
  const isDone = (session: Session) => !isLive(session.state) || isReached(session);
  client.on("changed", ({ rows }) => {
    const row = rows.sessions?.find((session) => session.id === id);
    if (row && isDone(row)) done.resolve(row);
  });
  client.onClose(() =>
    done.reject(new SwitchyardError("needs-app", "Switchyard ended while we waited.")),
  );
  // Watching begins before the first look: a change between the two is told.
  await ask("app.watch", {});
  const first = await ask("session.show", { session: id });
  if (isDone(first)) return first;
  const timer = setTimeout(() => {
    ask("session.show", { session: id }).then(done.resolve, done.reject);
  }, timeoutMs);
  try {
    return await done.promise;
  } finally {
    clearTimeout(timer);
  }
}

/** What came of a sign-in that is over: asked, not guessed. */
export async function judgeSignIn({ ask }: CommandContext, session: Session): Promise<Report> {
  const { profile, findings } = await ask("profile.check", { name: session.profile });
  const ended = await ask("session.show", { session: session.id });
  const { name, state, account } = profile;
  if (state === "ready" || state === "resting") {
    const who = account?.email ? ` as ${account.email}` : "";
    const twins = findings.filter((finding) => finding.name === "account");
    const warnings = twins.map(({ detail, fix }) => [detail, fix].filter(Boolean).join(" "));
    const text = [`${name} is signed in${who}. Work that waited for it goes on.`, ...warnings];
    return verdict(profile, text.join("\n"), true);
  }
  const why = (ended.reason ?? profile.reason ?? state).replace(/\.$/, "");
  const text = `${name} is not signed in: ${why}.\nTry again with: switchyard profile login ${name}`;
  return verdict(profile, text, false);
}
