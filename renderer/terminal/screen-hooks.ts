import type { SessionId } from "../../shared/model/ids.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";
import { call } from "../client/connection.ts";
import { copyText } from "../ui/copy-text.ts";
import { openLink } from "../ui/open-link.ts";
import { exactText } from "../ui/plain-text.ts";
import { toastDone, toastError } from "../ui/toasts.tsx";
import { judgeLink } from "./judge-link.ts";
import type { FileHooks, KnownFile } from "./link-files.ts";
import type { Question } from "./pane-question.tsx";

/** What a pane does for its screen where a person has to decide or open something. */
export interface ScreenHooks extends FileHooks {
  readonly session: SessionId;
  /** Opens where a link leads, once it is sure that the person means that; `shown` is what it reads. */
  followLink(target: string, shown: string): void;
  ask(question: Question): Promise<boolean>;
  copy(text: string): void;
}

/** The hooks of one session's screen; `ask` shows a question in its pane. */
export function screenHooks(
  session: SessionId,
  ask: (question: Question) => Promise<boolean>,
): ScreenHooks {
  const openFile = (file: KnownFile, line: number | null, column: number | null) =>
    void openInEditor(session, file, { line, column }, ask).catch(toastError);
  const findFiles = async (names: readonly string[]) =>
    (await call("session.files", { session, names: [...names] })).files;
  const follow = async (target: string, shown: string) => {
    const judged = judgeLink(target, shown);
    if (judged.kind === "open") openLink(judged.address);
    else if (judged.kind === "file") {
      const [file] = await findFiles([judged.address]);
      if (file) openFile(file, null, null);
      else throw refused(target);
    } else if (judged.kind === "refuse") throw refused(target);
    else {
      const { host, why, address } = judged;
      const text = `Open ${host} in the browser? ${why.charAt(0).toUpperCase()}${why.slice(1)}.`;
      const question = { label: "Open a link", text: exactText(text), detail: exactText(address) };
      if (await ask({ ...question, yes: "Open" })) openLink(address);
    }
  };
  return {
    session,
    ask,
    copy: copyText,
    findFiles,
    openFile,
    followLink: (target, shown) => void follow(target, shown).catch(toastError),
  };
}

async function openInEditor(
  session: SessionId,
  { name, place, isInside }: KnownFile,
  at: { readonly line: number | null; readonly column: number | null },
  ask: (question: Question) => Promise<boolean>,
): Promise<void> {
  const detail = exactText(place);
  const outside = { label: "Open a file", text: "This file lies outside of the worktree.", detail };
  if (!isInside && !(await ask({ ...outside, yes: "Open" }))) return;
  try {
    const input = { session, name, ...at, isSure: !isInside };
    const { editor } = await call("session.open-file", input);
    toastDone(`Opened in ${editor}.`);
  } catch (error) {
    const isWithoutEditor = error instanceof SwitchyardError && error.code === "executable-missing";
    if (!isWithoutEditor) throw error;
    toastError(error);
    const wayOut = { label: "Copy the path", text: "No editor opens it. Copy its path?", detail };
    if (await ask({ ...wayOut, yes: "Copy" })) copyText(place);
  }
}

function refused(target: string): SwitchyardError {
  return new SwitchyardError(
    "bad-input",
    "This link leads to no file here and to no place on the web.",
    exactText(target.slice(0, 200)),
  );
}
