import { useEffect, useRef, useState } from "react";
import { isLive, type Session } from "../../shared/model/session.ts";
import { useConnection } from "../client/connection.ts";
import { Button } from "../ui/button.tsx";
import { toastError } from "../ui/toasts.tsx";
import { type Attachment, attachTerminal } from "./attach-terminal.ts";
import { openings, type Turn } from "./open-in-turn.ts";
import { openScreen, type Screen } from "./open-screen.ts";
import { PaneQuestion, type Question } from "./pane-question.tsx";
import { offerScreen } from "./reveal-line.ts";
import { screenHooks } from "./screen-hooks.ts";

/** One session's terminal. It is attached only while it is in view, and once its program has been started. */
export function TerminalScreen({
  session: { id: session, state, pid, reason },
  isFocused,
  onScreen,
}: {
  readonly session: Pick<Session, "id" | "state" | "pid" | "reason">;
  readonly isFocused: boolean;
  readonly onScreen?: (screen: Screen | null) => void;
}) {
  const isRunning = isLive(state);
  const isStarted = pid !== null || !isRunning;
  const host = useRef<HTMLDivElement>(null);
  const attachment = useRef<Attachment | null>(null);
  const turn = useRef<Turn | null>(null);
  const [screen, setScreen] = useState<Screen | null>(null);
  const [isHeldBack, setIsHeldBack] = useState(false);
  const [asked, setAsked] = useState<{ question: Question; answer(yes: boolean): void } | null>(
    null,
  );
  const refuseAsked = useRef(() => {});
  const isInView = useIsInView(host);
  const client = useConnection((state) => (state.kind === "open" ? state.client : null));

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const leaving = new AbortController();
    const ask = (question: Question) =>
      new Promise<boolean>((resolve) => {
        // What was asked before and not answered is not wanted any more.
        refuseAsked.current();
        refuseAsked.current = () => resolve(false);
        const answer = (yes: boolean) => {
          setAsked(null);
          resolve(yes);
        };
        setAsked({ question, answer });
      });
    const hooks = screenHooks(session, ask);
    turn.current = openings.join(() => {
      const opened = openScreen(element, hooks, leaving.signal);
      setScreen(opened);
      onScreen?.(opened);
    });
    return () => {
      turn.current?.leave();
      setScreen(null);
      onScreen?.(null);
      leaving.abort();
    };
  }, [session, onScreen]);

  useEffect(() => {
    if (!screen || !client || !isInView || !isStarted) return;
    const leaving = new AbortController();
    const hooks = { onHeldBack: setIsHeldBack, onError: toastError };
    attachment.current = attachTerminal(screen, session, isRunning, client, hooks, leaving.signal);
    return () => {
      attachment.current = null;
      leaving.abort();
    };
  }, [screen, client, isInView, session, isRunning, isStarted]);

  useEffect(() => (screen ? offerScreen(session, screen) : undefined), [session, screen]);

  useEffect(() => {
    if (isFocused) turn.current?.hurry();
  }, [isFocused]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attachment has to be told too.
  useEffect(() => {
    attachment.current?.setFocused(isFocused);
    if (isFocused && screen && !isKeyboardTaken(host.current)) screen.terminal.focus();
  }, [isFocused, screen, client, isInView, isStarted]);

  return (
    <div className="relative min-h-0 flex-1 overflow-hidden bg-terminal">
      <div ref={host} className="terminal-host absolute inset-0" />
      {!isStarted && (
        <p className="absolute inset-0 flex items-center justify-center px-4 text-center text-muted text-xs">
          {reason ?? "Its worktree and its profile are being prepared…"}
        </p>
      )}
      {isHeldBack && (
        <div className="absolute inset-x-0 bottom-2 flex justify-center">
          <Button isSmall kind="primary" onClick={() => screen?.terminal.scrollToBottom()}>
            New output below
          </Button>
        </div>
      )}
      {asked && <PaneQuestion question={asked.question} onAnswer={asked.answer} />}
    </div>
  );
}

/** A person in the middle of a form or a search keeps the keyboard, and so does a dialog above this terminal. */
function isKeyboardTaken(host: HTMLElement | null): boolean {
  const active = document.activeElement;
  if (!active || active.classList.contains("xterm-helper-textarea")) return false;
  if (active.matches("input, textarea, select")) return true;
  return active.closest("dialog") !== (host?.closest("dialog") ?? null) && active !== document.body;
}

function useIsInView(element: React.RefObject<HTMLElement | null>): boolean {
  const [isInView, setIsInView] = useState(false);
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver((entries) => {
      const newest = entries.at(-1);
      if (newest) setIsInView(newest.isIntersecting);
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element]);
  return isInView;
}
