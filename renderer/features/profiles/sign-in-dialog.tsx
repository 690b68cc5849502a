import { useEffect, useRef, useState } from "react";
import type { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import { type Profile, twinsOf } from "../../../shared/model/profile.ts";
import { isLive, type Session } from "../../../shared/model/session.ts";
import { toErrorShape } from "../../../shared/model/switchyard-error.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { profileLook, sessionLook } from "../../mirror/state-look.ts";
import { TerminalScreen } from "../../terminal/terminal-screen.tsx";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { type Look, StateMark } from "../../ui/state-mark.tsx";
import { act } from "../../ui/use-action.ts";
import { SignInLink } from "./sign-in-link.tsx";

const waitsLook: Look = { word: "Waits for your code", tone: "warn", shape: "triangle" };

/** Runs the provider's own login for a profile. The app sees its link, never what is typed into it. */
export function SignInDialog({
  name,
  onClose,
}: {
  readonly name: ProfileName;
  readonly onClose: () => void;
}) {
  const { id, problem, tryAgain, cancel } = useLogin(name);
  const session = useMirror((mirror) => mirror.sessions.find((each) => each.id === id));
  const profile = useMirror((mirror) => mirror.profiles.find((each) => each.name === name));
  const isRunning = session !== undefined && isLive(session.state);
  const isSignedIn = profile?.state === "ready" || profile?.state === "resting";
  const isOver = problem !== null || (session !== undefined && !isRunning);
  const waits = isRunning && (session.link !== null || session.codeLink !== null);
  // Its end says nothing yet: the program is asked who is signed in.
  const isAsked = (profile?.checkedAt ?? "") >= (session?.endedAt ?? "");
  const close = () => {
    if (!isOver) cancel();
    onClose();
  };
  return (
    <Dialog
      title={`Sign in to ${name}`}
      width="max-w-4xl"
      onClose={close}
      footer={
        <>
          {profile && (
            <span className="mr-auto">
              <StateMark look={profileLook[profile.state]} />
            </span>
          )}
          <Button kind={isOver && isSignedIn ? "primary" : "plain"} onClick={close}>
            {isOver ? "Done" : "Cancel sign-in"}
          </Button>
          {isOver && isAsked && !isSignedIn && (
            <Button kind="primary" onClick={tryAgain}>
              Try again
            </Button>
          )}
        </>
      }
    >
      {problem && <p className="text-bad">{problem}</p>}
      {isRunning && waits && <SignInLink session={session} profile={profile} />}
      {!waits && (
        <p className={classNames("mb-3", isOver && isSignedIn ? "text-good" : "text-muted")}>
          {sayHowItStands({ name, session, isOver, isSignedIn, isAsked })}
        </p>
      )}
      {isOver && isSignedIn && <TwinWarning profile={profile} />}
      {session && (
        <section
          aria-label={`Terminal ${session.name}`}
          className="flex h-64 flex-col overflow-hidden rounded-md border border-line"
        >
          <div role="status" className="flex border-line border-b bg-sunken px-2.5 py-1">
            <StateMark look={waits ? waitsLook : sessionLook[session.state]} />
          </div>
          <TerminalScreen session={session} isFocused={isRunning} />
        </section>
      )}
    </Dialog>
  );
}

function sayHowItStands(sign: {
  readonly name: ProfileName;
  readonly session: Session | undefined;
  readonly isOver: boolean;
  readonly isSignedIn: boolean;
  readonly isAsked: boolean;
}): string {
  if (!sign.isOver)
    return "The sign-in link appears here as soon as the program asks for a browser.";
  if (!sign.isAsked) return "Asking the program who is signed in…";
  if (sign.isSignedIn)
    return `${sign.name} is signed in. Work that waited for it starts by itself.`;
  if (!sign.session) return "";
  const why = sign.session.reason === null ? "" : `: ${sign.session.reason}`;
  return `The sign-in has ended without a login${why}`;
}

function TwinWarning({ profile }: { readonly profile: Profile | undefined }) {
  const profiles = useMirror((mirror) => mirror.profiles);
  const twins = profile ? twinsOf(profile, profiles) : [];
  if (twins.length === 0) return null;
  return (
    <p className="mb-3 text-warn">
      {twins.map(({ name }) => name).join(", ")} {twins.length === 1 ? "is" : "are"} signed in as{" "}
      {profile?.account?.email} too: they draw on one set of limits. Sign in to one of them with
      another account.
    </p>
  );
}

/** Starts the login once, and once more for each new try. */
function useLogin(name: ProfileName): {
  id: SessionId | null;
  problem: string | null;
  tryAgain(): void;
  cancel(): void;
} {
  const starting = useRef<Promise<SessionId | null> | null>(null);
  const [attempt, setAttempt] = useState(1);
  const [id, setId] = useState<SessionId | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try is a login of its own.
  useEffect(() => {
    let isStale = false;
    setId(null);
    setProblem(null);
    starting.current = call("profile.login", { name }).then(
      (session) => {
        if (!isStale) setId(session.id);
        return session.id;
      },
      (error) => {
        const { message, hint } = toErrorShape(error);
        if (!isStale) setProblem([message, hint].filter(Boolean).join(" "));
        return null;
      },
    );
    return () => {
      isStale = true;
    };
  }, [name, attempt]);
  return {
    id,
    problem,
    tryAgain: () => setAttempt(attempt + 1),
    cancel: () =>
      act(async () => {
        // Also one that is only being started: a login that nobody sees would wait until its time is up.
        const session = await starting.current;
        if (session !== null) await call("session.stop", { session });
      }),
  };
}
