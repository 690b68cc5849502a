import { Copy, ExternalLink } from "lucide-react";
import { useEffect, useState } from "react";
import type { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import { isLive } from "../../../shared/model/session.ts";
import { toErrorShape } from "../../../shared/model/switchyard-error.ts";
import { call } from "../../client/connection.ts";
import { useMirror } from "../../mirror/mirror.ts";
import { profileLook, sessionLook } from "../../mirror/state-look.ts";
import { TerminalScreen } from "../../terminal/terminal-screen.tsx";
import { Button } from "../../ui/button.tsx";
import { classNames } from "../../ui/class-names.ts";
import { copyText } from "../../ui/copy-text.ts";
import { Dialog } from "../../ui/dialog.tsx";
import { openLink } from "../../ui/open-link.ts";
import { type Look, StateMark } from "../../ui/state-mark.tsx";
import { act } from "../../ui/use-action.ts";

const waitsLook: Look = { word: "Waits for your code", tone: "warn", shape: "triangle" };

/** Runs the provider's own login for a profile. The app sees its link, never what is typed into it. */
export function SignInDialog({
  name,
  onClose,
}: {
  readonly name: ProfileName;
  readonly onClose: () => void;
}) {
  const { id, problem, tryAgain } = useLogin(name);
  const session = useMirror((mirror) => mirror.sessions.find((each) => each.id === id));
  const profile = useMirror((mirror) => mirror.profiles.find((each) => each.name === name));
  const isRunning = session !== undefined && isLive(session.state);
  const isSignedIn = profile?.state === "ready" || profile?.state === "resting";
  const isOver = problem !== null || (session !== undefined && !isRunning);
  const close = () => {
    // A login that nobody sees would hold a slot until it times out.
    if (session && isRunning) act(() => call("session.stop", { session: session.id }));
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
          {isOver && !isSignedIn && (
            <Button kind="primary" onClick={tryAgain}>
              Try again
            </Button>
          )}
        </>
      }
    >
      {problem && <p className="text-bad">{problem}</p>}
      {isRunning && session.link ? (
        <div className="mb-3 rounded-md border border-accent/40 bg-accent/8 p-3">
          <p className="font-medium">
            Open this link, sign in there, and paste the code below if one is shown.
          </p>
          <p className="mt-1 break-all font-mono text-muted text-xs">{session.link}</p>
          <div className="mt-2 flex gap-2">
            <Button
              isSmall
              kind="primary"
              icon={<ExternalLink size={13} />}
              onClick={() => openLink(session.link ?? "")}
            >
              Open in the browser
            </Button>
            <Button isSmall icon={<Copy size={13} />} onClick={() => copyText(session.link ?? "")}>
              Copy link
            </Button>
          </div>
        </div>
      ) : (
        <p className={classNames("mb-3", isOver && isSignedIn ? "text-good" : "text-muted")}>
          {!isOver && "The sign-in link appears here as soon as the program asks for a browser."}
          {isOver &&
            isSignedIn &&
            `${name} is signed in. Work that waited for it starts by itself.`}
          {session &&
            isOver &&
            !isSignedIn &&
            "The sign-in has ended without a login. The terminal below says why."}
        </p>
      )}
      {session && (
        <section
          aria-label={`Terminal ${session.name}`}
          className="flex h-80 flex-col overflow-hidden rounded-md border border-line"
        >
          <div role="status" className="flex border-line border-b bg-sunken px-2.5 py-1">
            <StateMark look={isRunning && session.link ? waitsLook : sessionLook[session.state]} />
          </div>
          <TerminalScreen session={session} isFocused={isRunning} />
        </section>
      )}
    </Dialog>
  );
}

/** Starts the login once, and once more for each new try. */
function useLogin(name: ProfileName): {
  id: SessionId | null;
  problem: string | null;
  tryAgain(): void;
} {
  const [attempt, setAttempt] = useState(1);
  const [id, setId] = useState<SessionId | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each try is a login of its own.
  useEffect(() => {
    let isStale = false;
    setId(null);
    setProblem(null);
    call("profile.login", { name }).then(
      (session) => {
        if (!isStale) setId(session.id);
      },
      (error) => {
        const { message, hint } = toErrorShape(error);
        if (!isStale) setProblem([message, hint].filter(Boolean).join(" "));
      },
    );
    return () => {
      isStale = true;
    };
  }, [name, attempt]);
  return { id, problem, tryAgain: () => setAttempt(attempt + 1) };
}
