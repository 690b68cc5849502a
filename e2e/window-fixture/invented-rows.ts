import { Rows } from "../../shared/contract/rows.ts";
import type { Event } from "../../shared/model/event.ts";
import { freshPull } from "../../shared/model/pull-request.ts";
import type { SessionState } from "../../shared/model/session.ts";
import type { TaskStatus } from "../../shared/model/task.ts";
import { inventAsks } from "./invented-asks.ts";

const NOW = Date.now();
const MINUTE_MS = 60_000;
const ago = (minutes: number) => new Date(NOW - minutes * MINUTE_MS).toISOString();
const ahead = (minutes: number) => ago(-minutes);

const TITLES = [
  "Limit sign-in attempts by address",
  "Move the settings page to the new form components",
  "Cache the exchange rates for an hour",
  "Fix the time zone of exported reports",
  "Describe the webhook signature in the API guide",
  "Delete expired upload parts every night",
  "Show the last sign-in on the account page",
  "Speed up the invoice list for large accounts",
  "Replace the date picker on the booking form",
  "Retry failed e-mail deliveries with a delay",
  "Add a health endpoint with the build number",
  "Split the order service from the stock service",
  "Warn before a coupon runs out",
  "Translate the error pages into Dutch",
  "Upgrade the PDF renderer to version 4",
  "Keep filters in the address of the search page",
];
const STATES: readonly SessionState[] = [
  "working",
  "working",
  "needs-input",
  "working",
  "idle",
  "working",
  "limited",
  "working",
  "starting",
  "working",
  "failed",
  "working",
  "working",
  "interrupted",
  "ended",
  "working",
];
const PROFILES = ["max-1", "max-2", "pro-1"] as const;

const windowOf = (usedPercent: number, resetsIn: number, percentPerHour = 0, age = 0.6) => {
  const inMinutes = ((100 - usedPercent) / percentPerHour) * 60;
  const runsOutAt = inMinutes < resetsIn ? ahead(inMinutes) : null;
  return {
    usedPercent,
    resetsAt: ahead(resetsIn),
    measuredAt: ago(age),
    source: "statusline" as const,
    burn: percentPerHour === 0 ? null : { percentPerHour, overMinutes: 52, runsOutAt },
  };
};

const reasons: Readonly<Partial<Record<SessionState, string>>> = {
  "needs-input": "Asks for permission: Bash(npm install express-rate-limit)",
  limited: "The five-hour window of max-1 is used up; it goes on at 14:20",
  failed: "The program ended with exit code 1 before it answered",
  starting: "Waits for memory: 210 MB free, 400 needed",
};

const resumed = {
  rung: "resumed",
  reason: "Its program was killed; a new one goes on in the same conversation.",
  at: ago(12),
};
const reattached = { rung: "reattached", reason: "The core was started anew.", at: ago(40) };
const noCommits = {
  kind: "no-commits",
  text: "It used 310,000 tokens since its branch last moved.",
  step: "told",
  at: ago(3),
};

function sessionRows(count: number) {
  return Array.from({ length: count }, (_, index) => {
    const state = STATES[index % STATES.length] ?? "working";
    const isOver = state === "failed" || state === "ended";
    return {
      id: `s-${index + 11}`,
      kind: "worker",
      name: `t-${index + 1}`,
      pinned: false,
      labels: index % 5 === 1 ? ["frontend", "careful"] : [],
      recovery: index % 6 === 1 ? resumed : index % 6 === 5 ? reattached : null,
      concern: index % 8 === 5 ? noCommits : null,
      movedFrom: index === 3 ? { session: "s-9", profile: PROFILES[1], step: "moved" } : null,
      permissionMode: index % 4 === 2 ? ("bypassPermissions" as const) : ("acceptEdits" as const),
      task: `t-${index + 1}`,
      project: "shop",
      profile: PROFILES[index % PROFILES.length],
      provider: "claude",
      providerSession: "0b7f5a52-6d9c-4f7e-9a5e-0d6b3c1f2a10",
      state,
      reason: reasons[state] ?? null,
      since: ago(0.4 + index * 1.7),
      evidence: [{ signal: "hook:UserPromptSubmit", at: ago(1), detail: null }],
      placement: {
        strategy: "least-loaded",
        reason: "It had the most room: 7 free slots, 58 % of the five hours left.",
      },
      context:
        state === "starting"
          ? null
          : { tokens: 21_000 + index * 9_700, window: 200_000, handoffAt: 90_000 },
      costUsd: state === "starting" ? null : 0.13 + index * 0.21,
      pid: isOver || state === "starting" ? null : 4000 + index,
      exit: isOver ? { code: state === "failed" ? 1 : 0, signal: null } : null,
      link: null,
      codeLink: null,
      startedAt: ago(20 + index),
      endedAt: isOver ? ago(2) : null,
    };
  });
}

const passed = (command: string, durationMs: number) => ({
  name: command.split(" ")[1] ?? command,
  command,
  exitCode: 0,
  durationMs,
  reason: null,
  tail: "Test Files  48 passed (48)\n     Tests  412 passed (412)\n  Duration  21.40s\n",
});
const run = { runner: "vitest", passed: 411, failed: 1, skipped: 0, isWhole: true };
/** By a test alone that is known to be flaky. */
const excused = {
  ...passed("npm test", 22_800),
  exitCode: 1,
  tests: {
    ...run,
    failures: ["e2e/login.spec.ts › signs in"],
    quarantined: ["e2e/login.spec.ts › signs in"],
    isExcused: true,
  },
};
const failedCheck = {
  name: "test",
  command: "npm test",
  exitCode: 1,
  durationMs: 23_900,
  reason: null,
  tail:
    "FAIL  src/reports/export.test.ts > exports in the zone of the account\n" +
    "AssertionError: expected '2026-11-20T23:00:00.000Z' to equal '2026-11-21T00:00:00.000Z'\n" +
    "  at src/reports/export.test.ts:41:22\n\n Tests  1 failed | 411 passed (412)\n",
  tests: {
    ...run,
    failures: ["src/reports/export.test.ts > exports in the zone of the account"],
    quarantined: [],
    isExcused: false,
  },
};

interface TaskSketch {
  readonly status: TaskStatus;
  readonly title: string;
  readonly reason?: string;
  readonly after?: readonly string[];
  readonly plan?: string | null;
  readonly labels?: readonly string[];
  readonly priority?: number;
}

function titleAt(index: number): string {
  const title = TITLES[index % TITLES.length] ?? "";
  return index < TITLES.length ? title : `${title}, part ${Math.floor(index / TITLES.length) + 1}`;
}

function taskRows(panes: number) {
  const worked: TaskSketch[] = Array.from({ length: panes }, (_, index) => {
    const state = STATES[index % STATES.length];
    const title = titleAt(index);
    return {
      title,
      status:
        state === "needs-input"
          ? "needs-input"
          : state === "failed"
            ? "failed"
            : state === "limited"
              ? "parked"
              : "running",
      ...(state === "failed"
        ? { reason: "Tried three times: its program ended with exit code 1" }
        : {}),
      ...(state === "needs-input" ? { reason: "Waits for a permission" } : {}),
      ...(state === "limited" ? { reason: "Rate limit: goes on at 14:20" } : {}),
      labels: index % 4 === 0 ? ["backend"] : [],
      priority: 1 + (index % 4),
      plan: index % 5 === 4 ? null : index % 2 === 0 ? "p-1" : "p-2",
    };
  });
  const others: TaskSketch[] = [
    {
      status: "waiting",
      title: "Announce the new limits in the release notes",
      after: ["t-1", "t-5"],
      reason: "Waits for t-1 and t-5",
    },
    {
      status: "ready",
      title: "Add an index for the invoice search",
      priority: 2,
      labels: ["database"],
    },
    {
      status: "ready",
      title: "Rename the legacy price columns",
      reason: "No free slot: every signed-in profile is full",
    },
    {
      status: "parked",
      title: "Rewrite the onboarding texts",
      reason: "Outside of the hours: goes on at 18:00",
    },
    { status: "draft", title: "Try the new router", plan: "p-3" },
    { status: "queued", title: "Remove the unused chart library" },
    { status: "queued", title: "Export reports in the zone of the account" },
    { status: "queued", title: "Log slow database queries" },
    { status: "queued", title: "Accept IBANs with spaces" },
    { status: "landed", title: "Print packing slips in A5", plan: "p-2" },
    { status: "landed", title: "Close idle database connections" },
    { status: "cancelled", title: "Support Internet Explorer" },
  ];
  return [...worked, ...others].map((sketch, index) => {
    const isWorked = index < worked.length;
    return {
      id: `t-${index + 1}`,
      project: "shop",
      plan: sketch.plan === undefined ? "p-1" : sketch.plan,
      title: sketch.title,
      body: `${sketch.title}.\n\nFive tries a minute for one address; answer 429 after that, with the seconds to wait in Retry-After. Keep the counter in Redis, next to the session store.`,
      status: sketch.status,
      reason: sketch.reason ?? null,
      since: ago(1 + index * 7),
      priority: sketch.priority ?? 3,
      after: sketch.after ?? [],
      labels: sketch.labels ?? [],
      paths: index === 0 ? ["src/login/**"] : [],
      pinnedProfile: null,
      model: null,
      permissionMode: null,
      acceptance: [],
      branch: isWorked || sketch.status === "landed" ? `switchyard/t-${index + 1}-work` : null,
      worktree: isWorked ? `~/.switchyard/worktrees/shop/t-${index + 1}-work` : null,
      session: isWorked ? `s-${index + 11}` : null,
      profile: isWorked ? PROFILES[index % PROFILES.length] : null,
      attempts: isWorked ? 1 : 0,
      handoffs: index === 0 ? 2 : 0,
      commits: isWorked ? index % 4 : 0,
      checks: sketch.status === "failed" ? [failedCheck, passed("npm run lint", 4_100)] : [],
      progress:
        isWorked && index % 3 === 0 ? { note: "Writing tests for the counter", percent: 60 } : null,
      summary: null,
      landed:
        sketch.status === "landed"
          ? { commit: "4f1d2a".repeat(7).slice(0, 40), at: ago(90) }
          : null,
      createdAt: ago(400 - index),
    };
  });
}

function entryRows(tasks: ReturnType<typeof taskRows>, state: string) {
  const queued = tasks.filter((task) => task.status === "queued");
  const landed = tasks.filter((task) => task.status === "landed");
  const states = ["checking", "checking", "awaiting-approval", "held"] as const;
  const entry = (index: number, task: string, state: string, position: number) => ({
    id: `q-${index + 4}`,
    project: "shop",
    task,
    branch: `switchyard/${task}-work`,
    position,
    state,
    reason: null as string | null,
    files: [] as string[],
    head: "9c41".repeat(10),
    base: "17ab".repeat(10),
    candidate: "e02f".repeat(10),
    checks: [] as unknown[],
    conflictsWith: [] as string[],
    batch: null as { entries: string[]; testing: number } | null,
    approvedAt: null,
    hotfixAt: null as string | null,
    summary:
      "Removed the chart library and the one page that still used it. The page now draws its bars with CSS.\n\n2 commits, 6 files, tests added for the empty month.",
    since: ago(1 + index * 3),
    enqueuedAt: ago(14 + index * 5),
  });
  const open = queued.map((task, index) =>
    entry(index, task.id, states[index] ?? "queued", index + 1),
  );
  const [first, second, third, fourth] = open;
  if (first && second) {
    first.checks = [passed("npm run lint", 4_100)];
    for (const each of [first, second]) {
      each.batch = { entries: [first.id, second.id], testing: 1 };
      each.reason = "looking for the one that fails: 1 of 2";
    }
  }
  if (third) {
    third.checks = [passed("npm run lint", 3_900), excused];
    third.conflictsWith = ["q-5"];
  }
  if (fourth) {
    fourth.reason = "the checkout is in the way: your changes would be overwritten";
    fourth.files = ["src/iban.ts", "src/iban.test.ts"];
  }
  if (state === "frozen" && first && second && third && fourth) {
    Object.assign(first, { state: "checking", hotfixAt: ago(1), batch: null, reason: null });
    const waits =
      "its checks passed; it waits for the freeze to end at Mon 23 Nov, 08:00 (Europe/Berlin)";
    Object.assign(second, { state: "queued", batch: null, reason: waits });
    Object.assign(third, { state: "queued", reason: "waits for the hot fix q-4" });
    fourth.reason = "its checks passed; the checkout is in the way of q-3";
    fourth.files = [];
  }
  if (state === "proposed" && first && second && third && fourth) {
    const fresh = freshPull({ remote: "origin", target: "main" }, null);
    const problem = {
      kind: "sign-in" as const,
      text: "gh is not signed in to github.com: To get started with GitHub CLI, please run: gh auth login",
      hint: "In a terminal: gh auth login --hostname github.com. Switchyard reads and keeps no token, and passes none on from its environment. Then: switchyard queue push",
      ...{ since: ago(12), tries: 2, nextAt: ahead(8) },
    };
    const url = "https://github.com/acme/shop/pull/41";
    const opened = { ...fresh, number: 41, url, pushed: first.head };
    const proposed = { state: "proposed", reason: null, batch: null, files: [] };
    Object.assign(first, proposed, { pullRequest: opened });
    Object.assign(second, proposed, { pullRequest: { ...fresh, problem } });
    for (const each of [third, fourth])
      Object.assign(each, { state: "queued", reason: null, files: [] });
  }
  const closed = landed.map((task, index) => entry(20 + index, task.id, "landed", 0));
  const returned = entry(30, "t-4", "returned", 0);
  returned.reason = "conflicts with main";
  returned.files = ["src/reports/export.ts", "src/reports/zone.ts"];
  returned.checks = [failedCheck];
  return [...open, ...closed, ...(tasks.some((task) => task.id === "t-4") ? [returned] : [])];
}

export function inventRows(panes: number, state: string): Rows {
  if (state === "first-run") {
    return {
      projects: [],
      profiles: [],
      plans: [],
      tasks: [],
      sessions: [],
      entries: [],
      asks: [],
      fleet: [],
    };
  }
  const tasks = taskRows(panes);
  const sessions = sessionRows(panes);
  const isLive = (session: { state: string }) =>
    session.state !== "failed" && session.state !== "ended";
  const liveOn = (profile: string) =>
    sessions.filter((session) => session.profile === profile && isLive(session)).length;
  const profile = (name: string, order: number, more: object) => ({
    name,
    provider: "claude",
    plan: name.startsWith("max") ? "max" : "pro",
    dir: `~/.switchyard/profiles/${name}`,
    cap: name.startsWith("max") ? 10 : 5,
    learnedCap: null,
    executable: null,
    colour: null,
    browser: null,
    envNames: [],
    state: "ready",
    reason: null,
    restsUntil: null,
    account: {
      method: "claude.ai",
      email: `${name}@example.org`,
      organisation: null,
      subscription: "Max",
    },
    checkedAt: ago(5),
    live: liveOn(name),
    windows: { fiveHour: windowOf(42, 131), sevenDay: windowOf(18, 4_400) },
    order,
    moves: name.startsWith("max") ? "both" : "none",
    ...more,
  });
  const check = (name: string, run: string) => ({ name, run, timeoutMs: 1_200_000 });
  const project = (name: string) => ({
    name,
    path: `/home/me/code/${name}`,
    target: "main",
    checks: [check("unit", "npm test"), check("lint", "npm run lint")],
    withoutChecks: false,
    land: "merge",
    approve: "human",
    strategy: "least-loaded",
    maxWorkers: 12,
    queue:
      state === "error"
        ? { state: "paused", reason: "Paused: the target branch was moved by hand" }
        : {
            state: "running",
            reason: null,
            push: state === "proposed" ? null : pushState(state),
            proposesTo: state === "proposed" ? "origin" : null,
            frozen: state === "frozen" ? { by: "person", until: ahead(720) } : null,
            parallel: { atOnce: 2, why: "measured 1.12x" },
          },
  });
  const plan = (id: string, title: string, planState: string, age: number) => ({
    id,
    project: "shop",
    title,
    state: planState,
    createdAt: ago(age),
  });
  const more = [
    profile("max-3", 5, {
      state: "resting",
      reason: "You've hit your 5-hour limit · resets 5:13pm (UTC)",
      restsUntil: ahead(41),
      windows: { fiveHour: windowOf(100, 40, 31), sevenDay: windowOf(71, 2_900, 2.1) },
    }),
    profile("max-4", 6, {
      windows: { fiveHour: windowOf(30, -12, 9, 90), sevenDay: windowOf(44, 5_000, 1.4, 90) },
    }),
    profile("a-subscription-with-a-long-name", 7, { plan: "pro" }),
    profile("team-api", 8, {
      state: "incident",
      reason: "waiting does not help: You've hit your org's monthly spend limit",
      windows: { fiveHour: null, sevenDay: null },
    }),
  ];
  const rows = Rows.parse({
    projects: [project("shop"), project("billing-service")],
    profiles: [
      profile("max-1", 1, {
        windows: { fiveHour: windowOf(78, 118, 24), sevenDay: windowOf(61, 2_900, 0.4) },
      }),
      profile("max-2", 2, { learnedCap: 7 }),
      profile("pro-1", 3, {
        windows: { fiveHour: null, sevenDay: null },
        ...(state === "error"
          ? {
              state: "incident",
              reason: "Its login was refused by three sessions at once. Sign in again.",
            }
          : {}),
      }),
      profile("pro-2", 4, {
        state: "signed-out",
        account: null,
        windows: { fiveHour: null, sevenDay: null },
      }),
      ...(state === "eight-profiles" ? more : []),
    ],
    plans: [
      plan("p-1", "Safer sign-in", "active", 300),
      plan("p-2", "Reports that add up", "active", 500),
      plan("p-3", "Experiments", "draft", 100),
    ],
    tasks,
    sessions,
    entries: entryRows(tasks, state),
    asks: inventAsks(panes),
    fleet: [
      state === "halted"
        ? { isHalted: true, reason: "The release goes out at noon", since: ago(4) }
        : { isHalted: false, reason: null, since: ago(60) },
    ],
  });
  // Everything is set up, and nothing has been done yet.
  if (state === "empty")
    return { ...rows, plans: [], tasks: [], sessions: [], entries: [], asks: [] };
  return state === "one-profile" ? { ...rows, profiles: rows.profiles.slice(0, 1) } : rows;
}

function pushState(state: string) {
  const pushed = { commit: "e02f".repeat(10), until: ago(60), at: ago(60) };
  const known = { remote: "origin", target: "main", pushed, underWay: null };
  const problem = {
    kind: "rejected",
    text: "main of origin has 2 commits that main here does not have: somebody else pushed.",
    hint: "Bring them in, in a checkout of main: git -C /home/me/code/shop pull --no-rebase origin main. Then try again; nothing is ever forced, and here the queue goes on.",
    commit: "e02f".repeat(10),
    since: ago(5),
    tries: 1,
    nextAt: null,
  };
  return { ...known, problem: state === "push-rejected" ? problem : null };
}

export function inventEvents(rows: Rows): Event[] {
  const sketches = [
    ...rows.profiles
      .slice(0, 2)
      .map((profile) => ["profile.created", profile.name, {}, "person"] as const),
    ...rows.tasks.slice(0, 9).map((task) => ["task.created", task.id, {}, "person"] as const),
    ...rows.tasks
      .slice(0, 6)
      .map(
        (task) =>
          [
            "task.status",
            task.id,
            { status: task.status, ...(task.reason ? { reason: task.reason } : {}) },
            "dispatcher",
          ] as const,
      ),
    ...rows.sessions.map(
      (session) =>
        [
          "session.state",
          session.id,
          { state: session.state, ...(session.reason ? { reason: session.reason } : {}) },
          `worker ${session.id}`,
        ] as const,
    ),
    ...rows.entries.map(
      (entry) =>
        [
          "queue.state",
          entry.id,
          { state: entry.state, ...(entry.reason ? { reason: entry.reason } : {}) },
          "queue",
        ] as const,
    ),
  ];
  return sketches.map(([kind, subject, data, cause], index) => ({
    seq: index + 1,
    at: ago((sketches.length - index) * 2.3),
    kind,
    subject,
    data,
    cause,
  }));
}
