import { z } from "zod";
import { CHECK_TIMEOUT_MS, type Check } from "./check.ts";
import { PermissionMode } from "./permission-mode.ts";
import { PriceList } from "./price-list.ts";
import { ApprovePolicy, LandPolicy, Strategy } from "./project.ts";

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/** Written as a number and a unit; a number of milliseconds once read. */
const duration = z
  .string("write a time such as 90s, 20m or 2h")
  .regex(/^\d+(\.\d+)?(ms|s|m|h)$/, "write a time such as 90s, 20m or 2h")
  .transform((text) =>
    Math.round(Number.parseFloat(text) * (UNITS_MS[text.replace(/^[\d.]+/, "")] ?? 0)),
  )
  .refine((ms) => ms > 0 && ms <= 24 * 3_600_000, "write a time between 1ms and 24h");

const off = z.literal("off");
const text = z.string().min(1).max(4096);
const texts = z.array(text).max(200);
const pattern = text.refine(isPattern, "write a regular expression");
const wholeFrom = (least: number, most: number) => z.number().int().min(least).max(most);

const SettingsCheck = z.strictObject({
  name: z.string().min(1).max(80),
  run: text,
  timeout: duration.optional(),
  /** How often the queue runs it again when it is red, before that counts; 1 when absent. */
  retries: wholeFrom(0, 5).optional(),
  /** Checks of an earlier stage run first; 1 when absent. */
  stage: wholeFrom(1, 9).optional(),
  /** Whether it runs tests and nothing else; left out, its output tells. */
  tests: z.boolean("write true or false").optional(),
  /** A JUnit report that it writes, or a folder of them, within the project. */
  report: text
    .refine((place) => isWithin(place), "name a file or folder within the project, e.g. junit.xml")
    .optional(),
});

const orOff = (value: z.ZodNumber, what: string) =>
  z.union([off, value], `write ${what}, or off`).optional();

const AgentSettings = z.strictObject({
  provider: z.literal("claude").optional(),
  /** `default` leaves the choice to the provider. */
  model: text.optional(),
  "permission-mode": PermissionMode.optional(),
  /** Whether its commands run inside the provider's sandbox; without one the session is refused. */
  sandbox: z.boolean("write true or false").optional(),
  allow: texts.optional(),
  /** Tokens of context at which the session is asked to hand over to a fresh one. */
  "handoff-at": z
    .union(
      [off, wholeFrom(1_000, 10_000_000), z.string().regex(/^([1-9]|[1-8]\d|9[0-5])%$/)],
      'write a number of tokens, a share of the window such as "70%", or off',
    )
    .optional(),
  /** Handoffs of one task after which a person is asked. */
  "handoffs-max": wholeFrom(1, 100).optional(),
});

const PoolSettings = z
  .strictObject({
    profiles: texts.min(1),
    labels: texts.optional(),
    roles: z.array(z.enum(["worker", "steward", "director"])).optional(),
  })
  .refine(
    ({ labels, roles }) => (labels?.length ?? 0) + (roles?.length ?? 0) > 0,
    "name labels or roles, or nothing goes there",
  );

const HOURS =
  'write a span such as "mon-fri 18:00-08:00", or { at: "0 18 * * mon-fri", workers: 4 }';

const clockTime = (last: string) =>
  z
    .string(`write a clock time from 00:00 to ${last}`)
    .regex(
      last === "24:00" ? /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/ : /^([01]\d|2[0-3]):[0-5]\d$/,
      `write a clock time from 00:00 to ${last}`,
    );
const DAY = "(mon|tue|wed|thu|fri|sat|sun)";
const DAYS = "write days such as mon-fri, sat or [mon, wed]";
const days = z.string().regex(new RegExp(`^${DAY}(-${DAY})?$`), DAYS);
const timeZone = text.refine(isTimeZone, "write a time zone such as Europe/Berlin");

/** In it nothing lands but hot fixes. It begins on the days that are named, on all of them where none is, and can end on the next. */
const FreezeWindow = z
  .strictObject({
    from: clockTime("23:59"),
    to: clockTime("24:00"),
    days: z.union([days, z.array(days).min(1).max(7)], DAYS).optional(),
    /** The machine's own when absent. */
    timezone: timeZone.optional(),
  })
  .refine(
    ({ from, to }) => from !== to,
    'it ends where it begins; write from: "00:00" and to: "24:00" for whole days',
  );
export type FreezeWindow = z.infer<typeof FreezeWindow>;

const REMOTE_NAME = "write the name of a remote such as origin, or off";
const remoteName = z.string(REMOTE_NAME).regex(/^[A-Za-z0-9_][A-Za-z0-9._/-]{0,99}$/, REMOTE_NAME);

/** While it lasts work may go on. */
const HoursSpan = z
  .string()
  .regex(
    /^((mon|tue|wed|thu|fri|sat|sun)(-(mon|tue|wed|thu|fri|sat|sun))? )?([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/,
    HOURS,
  );

/** From then on so many workers run. */
const HoursChange = z.strictObject({
  /** A cron line of five fields. */
  at: text,
  workers: z.union([z.literal("all"), wholeFrom(0, 100)], "write a number from 0 to 100, or all"),
  /** Labels of tasks that run all the same until the next line. */
  essential: texts.optional(),
});
export type HoursLine = z.infer<typeof HoursSpan> | z.infer<typeof HoursChange>;

/** Below the top of the repository, and no pattern. */
function placesNamed(wayOut: string) {
  const place = /^(?!(.*\/)?(\.{1,2}|\.git)(\/|$))[\w.@+-]+(\/[\w.@+-]+)*$/;
  return z.array(z.string().regex(place, wayOut)).max(20).optional();
}

/** `config.yaml`, the person's and a project's alike. Every key can be left out; one that is not here is a mistake. */
export const Settings = z.strictObject({
  version: z.literal(1).optional(),
  target: z.string().min(1).max(250).optional(),
  worktrees: z
    .strictObject({
      /** `default`, or a folder that holds the project's worktrees. */
      location: text.optional(),
      /** Files copied from the main checkout into a new worktree. */
      copy: texts.optional(),
      /** Files and folders of the main checkout that a new worktree gets as links, for what is too big to copy. */
      link: texts.optional(),
      /** A command that makes a new worktree ready; it runs once, before the first session. */
      setup: text.optional(),
      "include-changes": z.enum(["ask", "always", "never"]).optional(),
      /** How often changed worktrees are kept as a commit nobody sees. */
      "checkpoint-minutes": wholeFrom(1, 120).optional(),
      /** How long the worktree of a task that is over stays. */
      "keep-hours": z
        .union([off, wholeFrom(0, 8_760)], "write a number of hours, or off to keep them")
        .optional(),
    })
    .optional(),
  checks: z.array(SettingsCheck).max(20).optional(),
  queue: z
    .strictObject({
      land: LandPolicy.optional(),
      approve: ApprovePolicy.optional(),
      /** How many runs of checks go on beside each other; `auto`: as is measured. */
      "parallel-checks": z
        .union([z.literal("auto"), wholeFrom(1, 32)], "write auto, or a number from 1 to 32")
        .optional(),
      batch: z
        .union([z.literal("auto"), wholeFrom(1, 32)], "write auto, or a number from 1 to 32")
        .optional(),
      /** In which order the checks of one stage run: as they are given, or what took least first. */
      order: z.enum(["given", "cheapest"]).optional(),
      /** Programs whose version is part of what checks run in, beside those that their commands name. */
      tools: z
        .array(
          z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}$/, "name a program such as protoc"),
        )
        .max(50)
        .optional(),
      /** Variables of the person's own that checks get; a changed value makes them run anew. */
      env: z
        .array(
          z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, "name a variable such as DATABASE_URL"),
        )
        .max(100)
        .optional(),
      /** Folders that checks find as the run before left them while the lock files are the same. */
      caches: placesNamed("name a folder such as node_modules or web/vendor"),
      /** A command that fills them; it runs before the checks of each tree, also where they are filled. */
      setup: text.optional(),
      /** All that it reads beside the lock files; a tree that has the same finds them filled, and it does not run. */
      "setup-from": placesNamed("name a file or folder such as package.json or db/schema"),
      /** Whether workers of their own resolve conflicts that came back twice, or whose worker is gone. */
      resolver: z.enum(["on", "off"], "write on or off").optional(),
      /** The remote that the target is pushed to after each landing; `on` is `origin`. */
      push: remoteName.optional(),
      /** The remote at which work is proposed as a pull request instead of landed here; `on` is `origin`. */
      "pull-requests": remoteName.optional(),
      /** When nothing lands. */
      freeze: z.array(FreezeWindow).max(50).optional(),
    })
    .refine((queue) => remoteOf(queue.push) === null || remoteOf(queue["pull-requests"]) === null, {
      path: ["pull-requests"],
      message:
        "work is pushed after it has landed, or proposed and merged there: leave out queue.push, or this",
    })
    .optional(),
  dispatch: z
    .strictObject({
      strategy: Strategy.optional(),
      "max-workers": wholeFrom(1, 100).optional(),
      /** Whether a ready task waits while its branch would conflict with one that is worked on or queued. */
      "hold-conflicts": z.enum(["on", "off"]).optional(),
      /** How many tasks of a plan go first, alone; 0: none. */
      pilot: wholeFrom(0, 100).optional(),
      /** For the strategy `weighted`, by profile: how many sessions one has beside another of weight 1. */
      weights: z.record(text, z.number().min(0.01).max(1_000)).optional(),
      /** Where tasks of some labels, or sessions of some roles, go; by name. */
      pools: z.record(z.string().min(1).max(40), PoolSettings).optional(),
      /** What workers leave for the steward and for the person. */
      reserve: z
        .strictObject({
          /** Slots of all profiles together. */
          slots: wholeFrom(0, 100).optional(),
          /** Percent of each usage window. */
          "window-percent": wholeFrom(0, 90).optional(),
        })
        .optional(),
      /** Of `hours`, e.g. Europe/Berlin; the machine's own when absent. */
      "time-zone": timeZone.optional(),
      /** Labels of tasks that run whatever the hours say. */
      essential: texts.optional(),
      /** When how many workers run; empty: always as many as may. */
      hours: z
        .array(z.union([HoursSpan, HoursChange], HOURS))
        .max(50)
        .refine(
          (lines) => new Set(lines.map((line) => typeof line)).size < 2,
          'write either spans such as "mon-fri 18:00-08:00" or lines such as { at: "0 18 * * mon-fri", workers: 4 }, not both',
        )
        .optional(),
    })
    .optional(),
  locks: z
    .record(
      z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "name a lock with small letters, digits and dashes"),
      z.strictObject({ slots: wholeFrom(1, 64).optional(), commands: texts.optional() }),
    )
    .optional(),
  agents: z
    .strictObject({
      worker: AgentSettings.optional(),
      steward: AgentSettings.optional(),
      director: AgentSettings.optional(),
    })
    .optional(),
  guards: z
    .strictObject({
      destructive: z.enum(["default", "off"]).optional(),
      /** More commands that stop at the gate: each a name and a pattern that the command or path is searched for. */
      "destructive-patterns": z
        .array(z.strictObject({ name: z.string().min(1).max(80), pattern }))
        .max(100)
        .optional(),
      /** Patterns of commands that the gate lets through, whatever its list says; each has to match the whole command. */
      "destructive-except": z.array(pattern).max(200).optional(),
      "budget-usd-per-task": z
        .union([off, z.number().positive().max(10_000)], "write an amount in dollars, or off")
        .optional(),
      "budget-tokens-per-task": orOff(wholeFrom(1_000, 1_000_000_000), "a number of tokens"),
      "budget-minutes-per-task": orOff(wholeFrom(1, 10_080), "a number of minutes"),
      "budget-usd-per-day": orOff(z.number().positive().max(100_000), "an amount in dollars"),
      /** Percent of a profile's usage window at which its workers are told of, then paused. */
      "window-ceiling-percent": orOff(wholeFrom(1, 100), "a number of percent"),
      /** Minutes in which a working session prints nothing and signals nothing. */
      "silence-minutes": orOff(wholeFrom(1, 1_440), "a number of minutes"),
      /** Tokens used since the branch last moved. */
      "tokens-without-commit": orOff(wholeFrom(1_000, 1_000_000_000), "a number of tokens"),
      /** The same command, or the same failure, so many times in a row. */
      repeats: orOff(wholeFrom(2, 1_000), "a number of repeats"),
      /** One session's share of what the whole fleet burns, in percent, while others work too. */
      "fleet-share-percent": orOff(wholeFrom(1, 100), "a number of percent"),
      /** How many processes may live of one session at once. */
      processes: orOff(wholeFrom(10, 100_000), "a number of processes"),
      "idle-minutes": z
        .union([off, z.number().positive().max(1_440)], "write a number of minutes, or off")
        .optional(),
      /** … after which a session that ended its turn and waits for the person gives its slot to a task that is ready. */
      "slot-minutes": orOff(z.number().positive().max(1_440), "a number of minutes"),
    })
    .optional(),
  starts: z
    .strictObject({
      /** A session is started only while so much memory is free; about what one needs. */
      "free-memory-mb": orOff(wholeFrom(1, 1_000_000), "a number of megabytes"),
      /** … and while the machine's load per core is below this. */
      "load-per-core": orOff(z.number().positive().max(1_000), "a number"),
    })
    .optional(),
  /** What plans cost, for the advice; the person's own file counts. */
  prices: PriceList.optional(),
  /** The person's own, never a project's: the command that opens a file, in which `{file}`, `{line}` and `{column}` can stand. */
  editor: text.optional(),
  power: z
    .strictObject({
      /** Keeps the machine from sleeping while workers work. */
      "keep-awake": z.enum(["on", "off"]).optional(),
    })
    .optional(),
});
export type Settings = z.infer<typeof Settings>;

/** The checks a settings file asks for; undefined when it says nothing about them. */
export function checksOf(settings: Settings): readonly Check[] | undefined {
  return settings.checks?.map(({ name, run, timeout, stage }) => ({
    name,
    run,
    timeoutMs: timeout ?? CHECK_TIMEOUT_MS,
    ...(stage === undefined ? {} : { stage }),
  }));
}

/** The remote that landings are pushed to; null: none. */
export function pushRemoteOf({ queue }: Pick<Settings, "queue">): string | null {
  // Of two files each can say one of the two: nothing lands here then that could be pushed.
  return remoteOf(queue?.["pull-requests"]) === null ? remoteOf(queue?.push) : null;
}

/** The remote at which work is proposed instead of landed; null: it lands here. */
export function pullRequestRemoteOf({ queue }: Pick<Settings, "queue">): string | null {
  return remoteOf(queue?.["pull-requests"]);
}

function remoteOf(name = "off"): string | null {
  if (name === "off") return null;
  return name === "on" ? "origin" : name;
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}

/** Down from the project's folder, by either kind of slash. */
function isWithin(place: string): boolean {
  return !/^[/\\]|^[a-z]:|(^|[/\\])\.\.([/\\]|$)|\0/i.test(place);
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}
