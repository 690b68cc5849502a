import type { RequestPurpose } from "../../../shared/contract/host-contract.ts";
import type { Ask, AskAnswer, AskState } from "../../../shared/model/ask.ts";
import type { AskId, Instant, SessionId } from "../../../shared/model/ids.ts";
import { isLive, type Session } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import { unreachable } from "../../../shared/model/unreachable.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import { findKeys } from "../base/mask-keys.ts";
import { type AskReading, approvedInput } from "../provider/ask-reading.ts";
import type { EvidenceEvent } from "../provider/evidence.ts";
import type { AskRecord, SessionRecord, Store } from "../store/store.ts";

/** The tool with which a worker asks a person in words of its own. */
export const ASK_TOOL = "mcp__switchyard__ask";
/** Whoever waits for an answer that is a hook's, not a tool call's. */
type HookPurpose = Exclude<RequestPurpose, "mcp">;

export interface HeldHook {
  readonly request: string;
  readonly session: SessionId;
  readonly purpose: HookPurpose;
  readonly body: string;
  /** When it was asked. */
  readonly at: Instant;
}

/**
 * A status that changed this shortly after an ask still tells of what was before it: it is written some 10 ms late, and no person
 * answers that fast.
 */
const LATE_LEVEL_MS = 150;
const CLOCK_SLACK_MS = 1_000;

export interface AsksParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Names of the requests that the host holds open. */
  readonly held: () => Promise<readonly string[]>;
  /** Answers the hook that is held open; false when it waits no more. */
  readonly answer: (request: string, body: string) => Promise<boolean>;
  /** What a hook's body asks; null for what is no ask. */
  readonly read: (purpose: HookPurpose, body: unknown) => AskReading | null;
  /** What a closed ask is answered with. */
  readonly write: (ask: AskRecord) => string;
  /** What an ask says of its session's state. */
  readonly hear: (session: SessionId, evidence: EvidenceEvent) => void;
}

/**
 * Everything that sessions' programs hold open for a person. An ask is a row from the moment its request is heard of until it is
 * answered: here, in its own pane, or by its asker's going away. Whoever closes the row first has answered.
 *
 * Invariant: the row is closed before the answer is sent. A request that comes again after a crash is answered from its row.
 */
export class Asks implements Disposable {
  readonly #parts: AsksParts;
  /** Tool calls of this core's that wait for their ask to close. */
  readonly #waiting = new Map<AskId, PromiseWithResolvers<AskRecord>>();
  #stopListening: (() => void) | null = null;

  constructor(parts: AsksParts) {
    this.#parts = parts;
  }

  /** From here on asks are closed whose session is over or has gone on without them. */
  run(): void {
    const { store } = this.#parts;
    this.#stopListening = store.onCommit(({ touched }) => {
      for (const id of touched.sessions) this.#review(id);
    });
    this.lookAgain();
  }

  /** Something that followed from a commit failed, e.g. on a full disk: an ask may be open whose session is over. */
  lookAgain(): void {
    for (const ask of this.#parts.store.asks.list({ isOpen: true })) this.#review(ask.session);
  }

  /** Closes what nobody waits for any more. To be called after each connection to a host. */
  async reconcile(): Promise<void> {
    const { store } = this.#parts;
    const open = store.asks.list({ isOpen: true });
    if (open.length === 0) return;
    const held = new Set(await this.#parts.held());
    for (const { id, request } of open) {
      // It may have been answered while the host was asked; one opened since is not in the host's answer.
      const ask = store.asks.find(id);
      if (ask?.state === "open" && !held.has(request)) this.#close(ask, "gone", null, "recovery");
    }
  }

  /** Takes in a hook that is held open, for the first time or again. */
  async take({ request, session, purpose, body, at }: HeldHook): Promise<void> {
    const known = this.#parts.store.asks.findByRequest(request);
    const reading = known ? null : this.#parts.read(purpose, parse(body));
    const isAnswered = reading?.isShown && this.#hasGoneOn(session, at);
    const ask = known ?? (isAnswered ? null : this.#open(request, session, reading));
    if (ask === null) await this.#parts.answer(request, purpose === "gate" ? REFUSED : "{}");
    else if (ask.state !== "open") await this.#parts.answer(request, this.#parts.write(ask));
  }

  /**
   * A question that a tool call waits with. Resolves to the closed ask: `answered` or `denied` by a person, or `gone`. Asked again
   * under the same request it is the same ask.
   */
  async question(
    request: string,
    session: SessionId,
    question: string,
    options: readonly string[],
    signal: AbortSignal,
  ): Promise<AskRecord> {
    const reading: AskReading = {
      kind: "question",
      tool: ASK_TOOL,
      summary: question.replace(/\s+/g, " ").slice(0, 200),
      detail: question,
      why: null,
      questions: [
        {
          question,
          header: null,
          isMultiple: false,
          options: options.map((label) => ({ label, description: null })),
        },
      ],
      input: JSON.stringify({ question, options }),
      isShown: false,
    };
    const ask =
      this.#parts.store.asks.findByRequest(request) ?? this.#open(request, session, reading);
    if (ask === null) throw new Error(`a question came from ${session}, which is not known`);
    if (ask.state !== "open") return ask;
    return this.#closing(ask.id, signal);
  }

  /** Every call of one request waits for the same ask. */
  #closing(id: AskId, signal: AbortSignal): Promise<AskRecord> {
    const closing = this.#waiting.get(id) ?? Promise.withResolvers<AskRecord>();
    this.#waiting.set(id, closing);
    return new Promise((resolve, reject) => {
      const leave = () => reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      void closing.promise.then((closed) => {
        signal.removeEventListener("abort", leave);
        resolve(closed);
      });
    });
  }

  /** The first answer counts. Throws `wrong-state` for a second one, and `bad-input` for one that does not fit what is asked. */
  async answer(id: AskId, answer: AskAnswer): Promise<AskRecord> {
    const { store } = this.#parts;
    const ask = store.asks.find(id);
    if (!ask)
      throw new SwitchyardError("not-found", `There is no ask ${id}.`, "See: switchyard inbox");
    if (ask.state !== "open") throw answeredBefore(ask);
    refuseMisfit(ask, answer);
    if (answer.kind === "allow" && answer.isRemembered) this.#remember(ask);
    const closed = this.#close(ask, STATES[answer.kind], noteOf(answer), "person");
    if (isToolCall(ask) || (await this.#parts.answer(ask.request, this.#parts.write(closed))))
      return closed;
    throw new SwitchyardError(
      "wrong-state",
      `The answer to ${id} came too late: ${ask.session} waits for it no more.`,
      `See what it does now: switchyard session show ${ask.session}`,
    );
  }

  /** Whoever made the request waits no more. */
  dropped(request: string): void {
    const ask = this.#parts.store.asks.findByRequest(request);
    if (ask?.state === "open") this.#close(ask, "gone", null, `session ${ask.session}`);
  }

  [Symbol.dispose](): void {
    this.#stopListening?.();
  }

  #open(request: string, id: SessionId, reading: AskReading | null): AskRecord | null {
    const { store, clock } = this.#parts;
    const session = store.sessions.find(id);
    if (!session || reading === null) return null;
    const { isShown, place: _, ...asked } = { ...reading, input: inputOf(reading) };
    const approved = whyApproved(store, session, reading);
    const ask = store.write(`session ${id}`, (record) => {
      const { task, project, profile } = session;
      const opened = store.asks.insert({
        ...asked,
        request,
        session: id,
        task,
        project,
        profile,
      });
      record("ask.opened", opened.id, { session: id, kind: opened.kind, tool: opened.tool });
      if (approved === null) return opened;
      store.asks.close(opened.id, "allowed", approved);
      record("ask.answered", opened.id, { session: id, state: "allowed", why: approved });
      return store.asks.find(opened.id) ?? opened;
    });
    // A dialog says so itself, the gate and a tool call do not. While a subagent waits its session goes on.
    const isWaiting = ask.state === "open" && (isShown || !isOfSubagent(ask));
    if (isWaiting && store.sessions.find(id)?.state !== "needs-input") {
      const at = clock.now().toISOString();
      const noted = { at, signal: `ask:${ask.kind}`, summary: ask.summary };
      this.#hear(
        id,
        ask.kind === "question"
          ? { ...noted, kind: "question-asked" }
          : { ...noted, kind: "permission-asked", tool: ask.tool },
      );
    }
    return ask;
  }

  /** Whether a dialog was answered in its pane while no core was there to hear of it; its hook is held open all the same. */
  #hasGoneOn(id: SessionId, since: Instant): boolean {
    const session = this.#parts.store.sessions.find(id);
    if (!session || session.state === "needs-input") return false;
    // What lies ahead is from before the clock was set back.
    const ahead = this.#parts.clock.now().getTime() + CLOCK_SLACK_MS;
    return session.evidence.some(({ at }) => isAfter(at, since) && Date.parse(at) <= ahead);
  }

  #remember(ask: AskRecord): void {
    const { store } = this.#parts;
    const { project, tool } = ask;
    if (project === null || (ask.kind !== "permission" && ask.kind !== "gate"))
      throw new SwitchyardError(
        "bad-input",
        `A ${ask.kind} cannot be remembered; only a command can.`,
        `Allow it once: switchyard inbox allow ${ask.id}`,
      );
    // What is kept has every key masked: another command with another key would look the same.
    if (findKeys(ask.input + ask.detail).length > 0)
      throw new SwitchyardError(
        "bad-input",
        "What holds a key cannot be remembered.",
        `Allow it once: switchyard inbox allow ${ask.id}`,
      );
    store.write("person", (record) => {
      store.approvals.insert({ project, tool, input: ask.input });
      record("approval.added", project, { ask: ask.id, tool, summary: ask.summary });
    });
  }

  #close(
    ask: AskRecord,
    state: Exclude<AskState, "open">,
    note: string | null,
    cause: string,
  ): AskRecord {
    const { store, clock } = this.#parts;
    const closed = store.write(cause, (record) => {
      if (!store.asks.close(ask.id, state, note))
        throw answeredBefore(store.asks.find(ask.id) ?? ask);
      record("ask.answered", ask.id, { session: ask.session, state });
      return store.asks.find(ask.id) ?? ask;
    });
    this.#waiting.get(ask.id)?.resolve(closed);
    this.#waiting.delete(ask.id);
    // A dialog's end is told by the program; that a tool call or the gate goes on is known here alone.
    const isAnswered = state !== "gone" && state !== "in-pane";
    const isKnownHere = !isDialog(ask) && !isOfSubagent(ask);
    if (isAnswered && isKnownHere && !this.#hasOpen(ask.session))
      this.#hear(ask.session, {
        kind: "tool-started",
        at: clock.now().toISOString(),
        signal: "ask:answered",
        tool: ask.tool,
        summary: ask.summary,
      });
    return closed;
  }

  /** Never throws: whoever waits for the ask is not to wait for good because its session's row takes nothing now. */
  #hear(session: SessionId, evidence: EvidenceEvent): void {
    try {
      this.#parts.hear(session, evidence);
    } catch (error) {
      this.#parts.log.warn({ error, session }, "what an ask says of its session was not noted");
    }
  }

  #hasOpen(session: SessionId): boolean {
    return this.#parts.store.asks.list({ isOpen: true, session }).length > 0;
  }

  #review(id: SessionId): void {
    const { store, log } = this.#parts;
    const open = store.asks.list({ isOpen: true, session: id });
    const session = store.sessions.find(id);
    if (!session || open.length === 0) return;
    const cause = `session ${id}`;
    for (const ask of open) {
      if (!isLive(session.state)) this.#close(ask, "gone", null, cause);
      else if (isDialog(ask) && isDialogOver(session, ask)) {
        const closed = this.#close(ask, "in-pane", null, cause);
        // Its program has gone on and reads no answer; this frees the connection.
        this.#parts
          .answer(ask.request, this.#parts.write(closed))
          .catch((error) => log.warn({ error, ask: ask.id }, "letting an answered ask go failed"));
      }
    }
  }
}

const REFUSED = JSON.stringify({ decision: "deny", note: "The gate could not read this call." });
const STATES = { allow: "allowed", deny: "denied", choose: "answered" } as const;

/** The program shows it in its own pane too, where it can be answered as well. */
export function isDialog(ask: Ask): boolean {
  return ask.kind !== "gate" && !isToolCall(ask) && !isOfSubagent(ask);
}

/** Claude Code shows no dialog for a subagent's ask as long as its hook is open (measured with 2.1.329). */
function isOfSubagent(ask: Ask): boolean {
  return ask.kind !== "gate" && ask.why !== null;
}

function isToolCall(ask: Ask): boolean {
  return ask.tool === ASK_TOOL;
}

/**
 * Its state says that it went on. While the newest level says `waiting`, hooks of other tools that run meanwhile (of the main
 * loop, while a subagent asks) do not count against it.
 */
function isDialogOver({ state, evidence }: Session, { openedAt }: Ask): boolean {
  if (state !== "working") return state !== "needs-input" && state !== "unknown";
  const level = evidence.findLast(({ signal }) => signal.startsWith("level:"));
  return !level || (level.signal !== "level:waiting" && isAfter(level.at, openedAt));
}

function isAfter(at: Instant, since: Instant): boolean {
  return Date.parse(at) > Date.parse(since) + LATE_LEVEL_MS;
}

/**
 * As an approval holds it where there can be one; else as it came, to be given back with the answer. What the gate stops harms
 * something else in another folder: the same command there, or with another harm, is another call.
 */
function inputOf({ kind, tool, input, place, why }: AskReading): string {
  if (kind !== "permission" && kind !== "gate") return input;
  const call = approvedInput(tool, JSON.parse(input));
  return kind === "gate" ? JSON.stringify({ call: JSON.parse(call), in: place, why }) : call;
}

/** Null when a person has to say so. */
function whyApproved(store: Store, session: SessionRecord, reading: AskReading): string | null {
  if (reading.kind !== "permission" && reading.kind !== "gate") return null;
  const input = inputOf(reading);
  const isSame = (tool: string, of: string) => tool === reading.tool && of === input;
  // What the gate let by is asked for again by the program's own rules, at once: the person has just seen the very command.
  const last = store.asks.newestOf(session.id);
  if (reading.kind === "permission" && last?.kind === "gate" && last.state === "allowed") {
    if (isSame(last.tool, JSON.stringify(JSON.parse(last.input).call)))
      return "allowed at the gate";
  }
  if (session.project === null) return null;
  const approvals = store.approvals.list(session.project);
  return approvals.some((each) => isSame(each.tool, each.input)) ? "approved before" : null;
}

function noteOf(answer: AskAnswer): string | null {
  switch (answer.kind) {
    case "allow":
      return null;
    case "deny":
      return answer.note ?? null;
    case "choose":
      return JSON.stringify(answer.answers);
    default:
      return unreachable(answer);
  }
}

function refuseMisfit(ask: AskRecord, answer: AskAnswer): void {
  const bad = (sentence: string, wayOut: string) =>
    new SwitchyardError("bad-input", sentence, wayOut);
  if (answer.kind === "deny") return;
  if (ask.kind !== "question") {
    if (answer.kind === "allow") return;
    throw bad(
      `${ask.id} is a ${ask.kind}: there is nothing to choose.`,
      `Say yes or no: switchyard inbox allow ${ask.id}, or inbox deny ${ask.id}`,
    );
  }
  const answerIt = `Answer it: switchyard inbox answer ${ask.id} CHOICE`;
  if (answer.kind === "allow")
    throw bad(`${ask.id} is a question: a yes answers nothing.`, answerIt);
  // Told by their numbers: their words are a model's, and an error is printed as it stands.
  for (const [index, { question, isMultiple }] of ask.questions.entries()) {
    const chosen = answer.answers[question];
    if (chosen === undefined) throw bad(`Question ${index + 1} has no answer yet.`, answerIt);
    if (chosen.length > 1 && !isMultiple)
      throw bad(`Question ${index + 1} takes one answer.`, answerIt);
  }
  const isAsked = (text: string) => ask.questions.some(({ question }) => question === text);
  if (!Object.keys(answer.answers).every(isAsked))
    throw bad(`${ask.id} does not ask everything that was answered.`, answerIt);
}

function answeredBefore(ask: Ask): SwitchyardError {
  return new SwitchyardError(
    "wrong-state",
    `${ask.id} ${WHO_WON[ask.state]}.`,
    "See what waits now: switchyard inbox",
  );
}

const WHO_WON: Readonly<Record<AskState, string>> = {
  open: "is open",
  allowed: "was allowed already",
  denied: "was denied already",
  answered: "was answered already",
  "in-pane": "was answered in its pane already",
  gone: "waits no more: whoever asked is gone",
};

/** Undefined for what is no JSON; that is no ask. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
