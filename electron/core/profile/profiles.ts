import type { Finding } from "../../../shared/model/finding.ts";
import type { ProfileName } from "../../../shared/model/ids.ts";
import {
  hasOtherLimits,
  isMovingIn,
  type Moves,
  type PlanTier,
  type ProbeAnswer,
  type Profile,
  STARTING_CAPS,
} from "../../../shared/model/profile.ts";
import type { ShareableItem, ShareOutcome } from "../../../shared/model/profile-sharing.ts";
import type { Session } from "../../../shared/model/session.ts";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { Clock } from "../base/clock.ts";
import type { Log } from "../base/log.ts";
import type { Store } from "../store/store.ts";
import { type FoundFolder, findProfileFolders, freeName } from "./find-profile-folders.ts";
import { findFolder, findSharedToken, findSignIn, findTwins } from "./profile-findings.ts";
import {
  defaultFolder,
  refuseSharedFolder,
  refuseTakenPlace,
  refuseUnusableFolder,
  requireFolder,
  toProfileDir,
} from "./profile-folder.ts";
import { ProfileLimits } from "./profile-limits.ts";
import { type ProfileEvent, type ProfileStatus, stepProfile } from "./profile-machine.ts";
import { readWrapper, type Wrapper } from "./read-wrapper.ts";
import { writeProfileWrapper } from "./write-profile-wrapper.ts";

export interface ProfileSettings {
  readonly plan?: PlanTier | undefined;
  readonly cap?: number | undefined;
  readonly executable?: string | undefined;
  /** Null: one that follows from its name. */
  readonly colour?: Profile["colour"] | undefined;
  /** Empty: none. */
  readonly browser?: string | undefined;
  /** Beside the variables it has; one without a value is taken away. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly isDisabled?: boolean | undefined;
  readonly moves?: Moves | undefined;
  readonly order?: number | undefined;
}

export interface ProfilesParts {
  readonly store: Pick<Store, "write" | "profiles" | "gauges">;
  /** Where folders of profiles made here go: `profiles/<name>` of the data folder. */
  readonly folderOf: (name: ProfileName) => string;
  /** The person's home folder. */
  readonly home: string;
  /** The data folder. */
  readonly dataHome: string;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 to 1. */
  readonly random: () => number;
  /** Asks the profile's program, in the environment of a worker, who is signed in. */
  readonly probe: (profile: Profile, signal: AbortSignal) => Promise<ProbeAnswer>;
  /** Looks at the profile's program: where it is, its version, or what is wrong with it. */
  readonly inspectProgram: (profile: Profile, signal: AbortSignal) => Promise<Finding>;
  /** Throws what is wrong with the command of a browser. */
  readonly requireBrowser: (command: string) => void;
  /** Copies parts of one profile's folder into another's. */
  readonly copyParts: (
    from: Profile,
    to: Profile,
    items: readonly ShareableItem[],
  ) => Promise<ShareOutcome>;
  /** Starts the provider's own sign-in in a terminal. */
  readonly launchLogin: (profile: Profile) => Promise<Session>;
  /** Signs out; resolves to null, or to what went wrong. */
  readonly signOut: (profile: Profile, signal: AbortSignal) => Promise<string | null>;
}

/** The subscriptions: adds and checks them, follows their sign-in. Never reads a credential. */
export class Profiles {
  readonly #parts: ProfilesParts;
  /** What the provider's refusals make of them. */
  readonly limits: ProfileLimits;
  /** How often it was asked who is signed in to any profile, and which of these questions was the newest answered for each. */
  #questions = 0;
  readonly #answered = new Map<ProfileName, number>();

  constructor(parts: ProfilesParts) {
    this.#parts = parts;
    this.limits = new ProfileLimits({
      ...parts,
      step: (name, event, cause) => this.#step(name, event, cause),
    });
  }

  require(name: ProfileName): Profile {
    const profile = this.#parts.store.profiles.find(name);
    if (profile) return profile;
    throw new SwitchyardError(
      "unknown-profile",
      `There is no profile ${name}.`,
      "See: switchyard profile list",
    );
  }

  /** Adds a profile and asks who is signed in there. Without `dir` it gets a folder of its own, made before the first start. */
  async add(
    name: ProfileName,
    settings: ProfileSettings & { readonly plan: PlanTier; readonly dir?: string | undefined },
    signal: AbortSignal,
  ): Promise<Profile> {
    const { store, home, folderOf } = this.#parts;
    refuseReservedNames(settings.env);
    if (settings.browser) this.#parts.requireBrowser(settings.browser);
    const dir = settings.dir === undefined ? folderOf(name) : toProfileDir(settings.dir, home);
    refuseMovesIn(name, dir, settings.moves);
    store.write("person", (record) => {
      // Names that differ in their case alone would have one folder on some disks.
      const same = store.profiles
        .list()
        .find((other) => other.name.toLowerCase() === name.toLowerCase());
      if (same) throw nameTaken(same.name);
      this.#refuseFolder(dir);
      store.profiles.insert(
        {
          name,
          provider: "claude",
          plan: settings.plan,
          dir,
          cap: settings.cap ?? STARTING_CAPS[settings.plan],
          learnedCap: null,
          executable: settings.executable ?? null,
          colour: settings.colour ?? null,
          browser: settings.browser || null,
          moves: settings.moves ?? "none",
          state: settings.isDisabled ? "disabled" : "unchecked",
          reason: null,
          restsUntil: null,
          account: null,
          checkedAt: null,
        },
        withoutEmpty(settings.env ?? {}),
      );
      record("profile.added", name, { plan: settings.plan });
    });
    if (settings.order !== undefined) this.set(name, { order: settings.order });
    const question = this.#nextQuestion();
    const { answer } = await this.#examine(this.require(name), signal);
    this.#settle(name, { answer, question, isAsked: true });
    return this.require(name);
  }

  /** Folders that look like profiles and are not yet known. */
  find(): readonly FoundFolder[] {
    const { store, home } = this.#parts;
    const profiles = store.profiles.list();
    const dirs = profiles.map((profile) => profile.dir ?? defaultFolder(home));
    return findProfileFolders(home, { dirs, names: profiles.map((profile) => profile.name) });
  }

  /**
   * Adds folders where they are, named themselves or by a script that sets CLAUDE_CONFIG_DIR; all that `find` finds when none is named. Without a plan it is what the login says, else `custom`.
   * Adds none when one that is named cannot be a profile's folder.
   */
  async import(
    named: { readonly dirs?: readonly string[] | undefined; readonly plan?: PlanTier | undefined },
    signal: AbortSignal,
  ): Promise<readonly Profile[]> {
    const chosen =
      named.dirs === undefined
        ? this.find().filter(({ problem }) => problem === null)
        : this.#nameFolders(named.dirs);
    const imported: Profile[] = [];
    for (const { dir, name, executable } of chosen) {
      const program = executable === null ? {} : { executable };
      const plan = named.plan ?? "custom";
      const added = await this.add(name, { plan, dir, ...program }, signal);
      const told = toTier(added.account?.subscription);
      imported.push(named.plan === undefined && told ? this.set(name, { plan: told }) : added);
    }
    return imported;
  }

  set(name: ProfileName, settings: ProfileSettings): Profile {
    const { store } = this.#parts;
    refuseReservedNames(settings.env);
    if (settings.browser) this.#parts.requireBrowser(settings.browser);
    store.write("person", (record) => {
      const profile = this.require(name);
      const { plan, executable, colour, browser, order, env, isDisabled, moves } = settings;
      refuseMovesIn(name, profile.dir, moves);
      const cap = settings.cap ?? capForPlan(profile, plan);
      store.profiles.update(name, {
        cap,
        // A cap set by the person is tried anew.
        ...(settings.cap === undefined ? {} : { learnedCap: null }),
        ...(plan === undefined ? {} : { plan }),
        ...(executable === undefined ? {} : { executable: executable || null }),
        ...(colour === undefined ? {} : { colour }),
        ...(browser === undefined ? {} : { browser: browser || null }),
        ...(order === undefined ? {} : { order }),
        ...(moves === undefined ? {} : { moves }),
      });
      if (env !== undefined)
        store.profiles.setEnv(name, withoutEmpty({ ...store.profiles.envOf(name), ...env }));
      // Values of variables stay out of the events: they can be secrets.
      const { env: _, ...told } = settings;
      record(
        "profile.set",
        name,
        env === undefined ? told : { ...told, envNames: Object.keys(env) },
      );
      if (isDisabled !== undefined) this.#step(name, { kind: "switched", isDisabled }, "person");
    });
    return this.require(name);
  }

  /** Looks at a profile's folder, program and sign-in now. Its state follows from what is found. */
  async check(
    name: ProfileName,
    signal: AbortSignal,
  ): Promise<{ readonly profile: Profile; readonly findings: readonly Finding[] }> {
    const asked = this.require(name);
    const question = this.#nextQuestion();
    const { program, answer } = await this.#examine(asked, signal);
    this.#settle(name, { answer, question, isAsked: true });
    const profile = this.require(name);
    const others = this.#parts.store.profiles.list().filter((other) => other.name !== name);
    const findings = [
      findFolder(profile, others, this.#parts.home),
      program,
      ...(program.result === "bad" ? [] : [findSignIn(profile, answer)]),
      ...findTwins(profile, others),
      ...findSharedToken(
        profile,
        others,
        (each) => this.#parts.store.profiles.envOf(each.name).CLAUDE_CODE_OAUTH_TOKEN,
      ),
    ];
    return { profile, findings };
  }

  /** Asks who is signed in, without believing a login again that a call has proved dead. */
  async recheck(name: ProfileName, signal: AbortSignal): Promise<Profile> {
    await this.#probe(name, false, signal);
    return this.require(name);
  }

  /** Takes over from another profile what is named; what is there already stays. Never a login, a key or a hook. */
  async share(
    name: ProfileName,
    from: ProfileName,
    items: readonly ShareableItem[],
  ): Promise<ShareOutcome> {
    const to = this.require(name);
    const source = this.require(from);
    if (name === from) {
      throw new SwitchyardError(
        "bad-input",
        `${name} cannot take over from itself.`,
        "Name another profile with --from.",
      );
    }
    const outcome = await this.#parts.copyParts(source, to, items);
    this.#parts.store.write("person", (record) =>
      record("profile.shared", name, { from, copied: outcome.copied }),
    );
    return outcome;
  }

  async login(name: ProfileName): Promise<Session> {
    return await this.#parts.launchLogin(this.require(name));
  }

  /** The sign-in session of this profile is over: what came of it is asked, not guessed. */
  async afterLogin(name: ProfileName, signal: AbortSignal): Promise<void> {
    if (this.#parts.store.profiles.find(name)) await this.#probe(name, true, signal);
  }

  async logout(name: ProfileName, signal: AbortSignal): Promise<Profile> {
    const profile = this.require(name);
    refuseWhileLive(profile, "sign out of");
    // The program tells the provider first, which takes its time: nothing is to start there meanwhile.
    this.#step(name, { kind: "auth-failed", reason: "it is being signed out" }, "person");
    let failure: string | null;
    try {
      failure = await this.#parts.signOut(profile, signal);
    } finally {
      await this.#probe(name, true, signal);
    }
    if (failure !== null) {
      throw new SwitchyardError(
        "failed",
        `Signing out of ${name} failed: ${failure}`,
        `Try again, or look at it with: switchyard profile check ${name}`,
      );
    }
    return this.require(name);
  }

  /** Forgets a profile. Its folder, and with it its login, stays where it is; the answer names it. */
  remove(name: ProfileName): { readonly keptFolder: string } {
    const { store, home } = this.#parts;
    return store.write("person", (record) => {
      const profile = this.require(name);
      refuseWhileLive(profile, "remove");
      const keptFolder = profile.dir ?? defaultFolder(home);
      store.profiles.remove(name);
      record("profile.removed", name, { keptFolder });
      return { keptFolder };
    });
  }

  writeWrapper(name: ProfileName, out: string): { readonly file: string } {
    return { file: writeProfileWrapper(this.require(name), out, this.#parts.home) };
  }

  /** A call was refused for want of a login. However many sessions say so, it is one incident of the profile. */
  noteAuthFailure(name: ProfileName, reason: string): void {
    this.#step(name, { kind: "auth-failed", reason }, "worker");
  }

  /** Task after task was given up on this profile: it takes no work until a person has looked at it. */
  noteBroken(name: ProfileName, reason: string): void {
    if (this.#parts.store.profiles.find(name))
      this.#step(name, { kind: "broke-down", reason }, "supervisor");
  }

  async #probe(name: ProfileName, isAsked: boolean, signal: AbortSignal): Promise<void> {
    const question = this.#nextQuestion();
    const answer = await this.#ask(this.require(name), signal);
    this.#settle(name, { answer, question, isAsked });
  }

  /** Without the program nobody can be asked who is signed in; one that is no Claude Code would answer anything. */
  async #examine(
    profile: Profile,
    signal: AbortSignal,
  ): Promise<{ readonly program: Finding; readonly answer: ProbeAnswer }> {
    const program = await this.#parts.inspectProgram(profile, signal);
    if (program.result !== "bad") return { program, answer: await this.#ask(profile, signal) };
    const why = [program.detail, program.fix].filter(Boolean).join(" ");
    return { program, answer: { kind: "broken", why } };
  }

  async #ask(profile: Profile, signal: AbortSignal): Promise<ProbeAnswer> {
    try {
      return await this.#parts.probe(profile, signal);
    } catch (error) {
      // A program that is missing or a folder that cannot be made is a state of the profile with a way out, and no failure of the question.
      if (!(error instanceof SwitchyardError)) throw error;
      return { kind: "broken", why: [error.message, error.hint].filter(Boolean).join(" ") };
    }
  }

  #nextQuestion(): number {
    this.#questions += 1;
    return this.#questions;
  }

  #settle(name: ProfileName, { answer, question, isAsked }: Answered): void {
    const { store, clock, log } = this.#parts;
    if (answer.kind === "broken")
      log.warn({ profile: name, why: answer.why }, "a sign-in could not be checked");
    // Asked before somebody signed in, and answered after whoever asked then.
    if (question < (this.#answered.get(name) ?? 0)) return;
    // Nothing is known by a question that nobody answered: an older one may still tell.
    if (answer.kind !== "broken") this.#answered.set(name, question);
    const profile = store.profiles.find(name);
    // It may have been removed while its program was asked.
    if (!profile) return;
    // First: were they kept by a kill between the two, nothing could start there, and so nothing be measured.
    if (isOtherLogin(profile, answer)) store.gauges.forgetWindows(name);
    const at = clock.now().toISOString();
    this.#step(name, { kind: "probed", answer, at, isAsked }, isAsked ? "person" : "recovery");
  }

  #step(name: ProfileName, event: ProfileEvent, cause: string): void {
    const { store } = this.#parts;
    const profile = this.require(name);
    const { state, reason, restsUntil, learnedCap, account, checkedAt } = stepProfile(
      profile,
      event,
    );
    const next = { state, reason, restsUntil, learnedCap, account, checkedAt };
    if (!isChange(profile, next)) return;
    store.write(cause, (record) => {
      store.profiles.update(name, next);
      const from = profile.state;
      record("profile.state", name, { from, to: state, reason, restsUntil, learnedCap });
    });
  }

  #refuseFolder(dir: string | null): void {
    const { store, home } = this.#parts;
    const others = store.profiles.list();
    if (dir === null) {
      refuseSharedFolder(defaultFolder(home), others, home);
      return;
    }
    refuseUnusableFolder(dir, others, home);
    refuseTakenPlace(dir, this.#parts);
  }

  #nameFolders(
    named: readonly string[],
  ): readonly Pick<FoundFolder, "dir" | "name" | "executable">[] {
    const { home, store } = this.#parts;
    const found = this.find();
    const wrappers = new Map<string, Wrapper>();
    const dirs = new Set<string>();
    for (const each of named) {
      const place = toProfileDir(each, home) ?? defaultFolder(home);
      const wrapper = readWrapper(place, home);
      const dir = wrapper?.dir ?? place;
      if (wrapper) wrappers.set(dir, wrapper);
      dirs.add(dir);
    }
    for (const dir of dirs) {
      requireFolder(dir);
      this.#refuseFolder(toProfileDir(dir, home));
    }
    const known = found.filter((folder) => dirs.has(folder.dir) && !wrappers.has(folder.dir));
    const taken = new Set<string>(store.profiles.list().map((profile) => profile.name));
    for (const { name } of known) taken.add(name);
    return [...dirs].map((dir) => {
      const folder = known.find((each) => each.dir === dir);
      if (folder) return folder;
      const wrapper = wrappers.get(dir);
      const wish = wrapper?.wish ?? (dir.split(/[\\/]/).at(-1) ?? "").replace(/^\.?claude-/, "");
      const name = freeName(wish, taken);
      taken.add(name);
      return { dir, name, executable: wrapper?.executable ?? null };
    });
  }
}

interface Answered {
  readonly answer: ProbeAnswer;
  readonly question: number;
  readonly isAsked: boolean;
}

/** Whether its windows were measured of somebody else. Who signs in where nobody was may be anyone. */
function isOtherLogin({ account, state }: Profile, answer: ProbeAnswer): boolean {
  if (answer.kind !== "signed-in") return false;
  return account === null ? state === "signed-out" : hasOtherLimits(account, answer.account);
}

function isChange(before: ProfileStatus, after: Omit<ProfileStatus, "cap">): boolean {
  // The keys of `after` are keys of a status.
  const keys = Object.keys(after) as (keyof typeof after)[];
  return keys.some((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}

/** A cap that nobody changed follows the plan. */
function capForPlan(profile: Profile, plan: PlanTier | undefined): number {
  if (plan === undefined || profile.cap !== STARTING_CAPS[profile.plan]) return profile.cap;
  return STARTING_CAPS[plan];
}

function toTier(subscription: string | null | undefined): PlanTier | null {
  return subscription === "free" || subscription === "pro" || subscription === "max"
    ? subscription
    : null;
}

function withoutEmpty(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
}

function refuseReservedNames(env: ProfileSettings["env"]): void {
  const reserved = Object.keys(env ?? {}).find((name) =>
    /^(CLAUDE_CONFIG_DIR$|SWITCHYARD_)/.test(name),
  );
  if (reserved === undefined) return;
  throw new SwitchyardError(
    "bad-input",
    `${reserved} is set by Switchyard itself.`,
    reserved === "CLAUDE_CONFIG_DIR" ? "Name the folder with --dir." : "Leave it out.",
  );
}

/** The default folder is the person's own and written by nobody else. */
function refuseMovesIn(name: ProfileName, dir: string | null, moves: Moves | undefined): void {
  if (dir !== null || moves === undefined || !isMovingIn({ moves })) return;
  throw new SwitchyardError(
    "bad-input",
    `${name} is your own ~/.claude, which no conversation is put into.`,
    "Conversations may move away from it: --moves out",
  );
}

function refuseWhileLive(profile: Profile, what: string): void {
  if (profile.live === 0) return;
  throw new SwitchyardError(
    "wrong-state",
    `${profile.name} has ${profile.live} running ${profile.live === 1 ? "session" : "sessions"}; ${what} it when they have ended.`,
    "Stop them first: switchyard session list",
  );
}

function nameTaken(name: ProfileName): SwitchyardError {
  return new SwitchyardError(
    "name-taken",
    `There is already a profile ${name}.`,
    `Choose another name, or change that one, for example: switchyard profile set ${name} --executable PATH`,
  );
}
