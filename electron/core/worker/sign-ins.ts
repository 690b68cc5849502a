import { randomBytes, randomUUID } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import path from "node:path";
import type { HostContract } from "../../../shared/contract/host-contract.ts";
import type { Client } from "../../../shared/contract/rpc.ts";
import type { ProfileName, SessionId } from "../../../shared/model/ids.ts";
import type { Profile } from "../../../shared/model/profile.ts";
import { isLive, type Session } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { SessionRecord, Store } from "../store/store.ts";
import type { Launch, Sessions } from "./sessions.ts";

/** A login says nothing of what it does but on its screen: how often that is looked at while one runs. */
const LOOK_EVERY_MS = 500;
/** The provider's page takes a link for ten minutes or so; a login that nobody finishes is ended after this long. */
export const SIGN_IN_MS = 15 * 60_000;
/** The program hands its link over as it prints the other one; without that the printed one is opened after this long. */
const HANDED_OVER_MS = 3_000;
/** All that a login prints before it waits is a fiftieth of this. */
const PRINTED_MAX_BYTES = 64 * 1024;

export interface SignInsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly sessions: Pick<Sessions, "begin" | "fail" | "end">;
  readonly host: () => Pick<Client<HostContract>, "call">;
  readonly folderOf: (session: SessionId) => string;
  /** Where the login's program stands: a folder without settings of anyone's. */
  readonly cwd: string;
  /** Throws what is wrong with the profile's program. */
  readonly requireProgram: (profile: Profile) => void;
  readonly planLaunch: (session: SessionRecord, profile: Profile) => Launch;
  readonly findLink: (printed: string) => string | null;
  /** Shows a link in the browser chosen for the profile; throws what keeps it from that. */
  readonly openInBrowser: (command: string, link: string) => Promise<void>;
}

interface Watched {
  readonly sinceMs: number;
  printedMs: number | null;
  isOpened: boolean;
}

/**
 * The provider's own logins, in terminals of their own: at most one a profile, however many windows ask for it. Catches the links
 * it prints and hands over, shows one in the profile's browser, and ends a login that nobody finishes. It types nothing but the
 * code a person gives it.
 */
export class SignIns implements Disposable {
  readonly #parts: SignInsParts;
  readonly #watched = new Map<SessionId, Watched>();
  #looking: Disposable | null = null;

  constructor(parts: SignInsParts) {
    this.#parts = parts;
  }

  /** Takes in hand what an earlier core began. */
  run(): void {
    // That core has shown its link already.
    for (const session of this.#running()) this.#watch(session.id, session.link !== null);
  }

  [Symbol.dispose](): void {
    this.#looking?.[Symbol.dispose]();
    this.#looking = null;
  }

  /** Starts a login, or answers with the one that runs. */
  async start(profile: Profile): Promise<Session> {
    const { store, sessions } = this.#parts;
    const running = this.#runningOf(profile.name);
    if (running) return running;
    // Looked for first: where there is none, no session is made.
    this.#parts.requireProgram(profile);
    const session = this.#insert(profile);
    this.#watch(session.id, false);
    try {
      await sessions.begin(session, this.#parts.planLaunch(session, profile));
    } catch (error) {
      // Without a program it would stay `starting` for as long as this core lives.
      sessions.fail(session.id, error instanceof Error ? error.message : String(error));
      throw error;
    }
    return store.sessions.find(session.id) ?? session;
  }

  /** Whether a login of this profile was over after it was last asked who is signed in. */
  hasEndedSince({ name, checkedAt }: Pick<Profile, "name" | "checkedAt">): boolean {
    return this.#parts.store.sessions
      .list({ isLive: false })
      .some(
        ({ kind, profile, endedAt }) =>
          kind === "sign-in" && profile === name && (endedAt ?? "") > (checkedAt ?? ""),
      );
  }

  /** Types the code into the login that runs. Throws `wrong-state` when none does, `bad-input` for what cannot be a code. */
  async sendCode(profile: ProfileName, code: string): Promise<void> {
    const session = this.#runningOf(profile);
    if (!session) {
      throw new SwitchyardError(
        "wrong-state",
        `Nobody is signing in to ${profile} now, so there is nothing to give the code to.`,
        `Begin anew with: switchyard profile login ${profile}`,
      );
    }
    // It is pasted, at times with the line break behind it or a line that a mail program broke.
    const typed = code.replace(/\s+/g, "");
    if (!/^[\x21-\x7e]+$/.test(typed)) {
      throw new SwitchyardError(
        "bad-input",
        "That is no code: it holds signs that none has.",
        "Copy the whole code from the page that showed it.",
      );
    }
    const base64 = Buffer.from(`${typed}\r`).toString("base64");
    await this.#parts.host().call("write", { session: session.id, base64 });
  }

  #insert(profile: Profile): SessionRecord {
    const { store, cwd } = this.#parts;
    return store.write("person", (record) => {
      const inserted = store.sessions.insert({
        kind: "sign-in",
        name: `Sign in to ${profile.name}`,
        pinned: false,
        task: null,
        project: null,
        profile: profile.name,
        provider: "claude",
        providerSession: randomUUID(),
        state: "starting",
        reason: null,
        placement: { strategy: "person", reason: "you asked for it" },
        token: randomBytes(32).toString("base64url"),
        cwd,
        cols: 100,
        rows: 28,
        isResumed: false,
      });
      record("session.sign-in", inserted.id, { profile: profile.name });
      return inserted;
    });
  }

  #running(): readonly SessionRecord[] {
    return this.#parts.store.sessions
      .list({ isLive: true })
      .filter(({ kind }) => kind === "sign-in");
  }

  #runningOf(profile: ProfileName): SessionRecord | undefined {
    return this.#running().find((session) => session.profile === profile);
  }

  #watch(id: SessionId, isOpened: boolean): void {
    const { clock } = this.#parts;
    this.#watched.set(id, { sinceMs: clock.monotonicMs(), printedMs: null, isOpened });
    this.#looking ??= clock.every(LOOK_EVERY_MS, () => this.#look());
  }

  #look(): void {
    for (const [id, watched] of this.#watched) {
      const session = this.#parts.store.sessions.find(id);
      if (session && isLive(session.state)) this.#lookAt(session, watched);
      else this.#watched.delete(id);
    }
    if (this.#watched.size === 0) this[Symbol.dispose]();
  }

  #lookAt(session: SessionRecord, watched: Watched): void {
    const { store, clock } = this.#parts;
    const nowMs = clock.monotonicMs();
    if (nowMs - watched.sinceMs >= SIGN_IN_MS) {
      this.#watched.delete(session.id);
      this.#giveUp(session);
      return;
    }
    const codeLink = session.codeLink ?? this.#findPrinted(session);
    if (codeLink === null) return;
    watched.printedMs ??= nowMs;
    if (session.codeLink === null)
      store.write("program", () => store.sessions.update(session.id, { codeLink }));
    const isWaitedFor = nowMs - watched.printedMs >= HANDED_OVER_MS;
    const link = session.link ?? (isWaitedFor ? codeLink : null);
    const browser = store.profiles.find(session.profile)?.browser ?? null;
    if (link === null || browser === null || watched.isOpened) return;
    watched.isOpened = true;
    this.#open(session.id, browser, link);
  }

  #findPrinted(session: SessionRecord): string | null {
    const printed = readStart(path.join(this.#parts.folderOf(session.id), "output.log"));
    return printed === "" ? null : this.#parts.findLink(printed);
  }

  #open(id: SessionId, browser: string, link: string): void {
    const { store, log } = this.#parts;
    this.#parts.openInBrowser(browser, link).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      log.warn({ session: id, why }, "the sign-in page could not be opened");
      const session = store.sessions.find(id);
      if (!session || !isLive(session.state)) return;
      const reason = `the page could not be opened: ${why}`;
      store.write("program", () => store.sessions.update(id, { reason }));
    });
  }

  #giveUp({ id, profile }: SessionRecord): void {
    const { sessions, log } = this.#parts;
    const why = `nobody finished the sign-in to ${profile} within ${SIGN_IN_MS / 60_000} minutes`;
    sessions.end(id, "stopped", "supervisor", { why }).catch((error: unknown) => {
      log.error({ error, session: id }, "ending a sign-in failed; it is tried again");
      this.#watch(id, true);
    });
  }
}

function readStart(file: string): string {
  let output: number;
  try {
    output = openSync(file, "r");
  } catch {
    // It has printed nothing yet.
    return "";
  }
  try {
    const start = Buffer.alloc(PRINTED_MAX_BYTES);
    return start.toString("utf8", 0, readSync(output, start, 0, start.length, 0));
  } finally {
    closeSync(output);
  }
}
