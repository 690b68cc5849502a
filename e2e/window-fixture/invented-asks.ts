import type { Rows } from "../../shared/contract/rows.ts";
import { Approval } from "../../shared/model/ask.ts";
import type { CoreHealth } from "../../shared/model/core-health.ts";

const MINUTE_MS = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * MINUTE_MS).toISOString();

interface AskSketch {
  readonly kind: string;
  readonly session: number;
  readonly tool: string;
  readonly summary: string;
  readonly detail: string;
  readonly why?: string;
  readonly questions?: readonly unknown[];
}

const PLAN = `# Move the settings page to the new form components

1. Replace the three hand-made fields by <Field>, keeping their names.
2. Move the validation of the time zone into shared/zone.ts, with its tests.
3. Delete the old stylesheet; nothing else uses it.

Not in this plan: the colours of the page, which the design task changes.
How to check: npm test -- settings, then open /settings in both themes.`;

const SKETCHES: readonly AskSketch[] = [
  {
    kind: "permission",
    session: 2,
    tool: "Bash",
    summary: "npm install express-rate-limit",
    detail: "npm install express-rate-limit",
  },
  {
    kind: "gate",
    session: 0,
    tool: "Bash",
    summary: "psql $STAGING -c 'DELETE FROM sign_in_attempts'",
    detail:
      'cd services/api && \\\n  psql "$STAGING" -c "DELETE FROM sign_in_attempts" && \\\n  echo "table emptied \u202eyas si siht"',
    why: "It deletes rows without a WHERE, outside of the worktree.",
  },
  {
    kind: "question",
    session: 3,
    tool: "AskUserQuestion",
    summary: "Which time zone should exported reports use?",
    detail: "Which time zone should exported reports use?",
    questions: [
      {
        question: "Which time zone should exported reports use?",
        header: "Time zone",
        isMultiple: false,
        options: [
          { label: "The account's", description: "As the invoices do." },
          { label: "The viewer's", description: "As the screens do; two people get two files." },
          { label: "UTC", description: null },
        ],
      },
      {
        question: "Which formats need it?",
        header: null,
        isMultiple: true,
        options: [
          { label: "CSV", description: null },
          { label: "PDF", description: null },
        ],
      },
    ],
  },
  {
    kind: "plan",
    session: 1,
    tool: "ExitPlanMode",
    summary: "Move the settings page to the new form components",
    detail: PLAN,
  },
];

/** Asks of the first sessions, one of each kind. */
export function inventAsks(panes: number) {
  return SKETCHES.filter((sketch) => sketch.session < panes).map((sketch, index) => ({
    id: `a-${index + 1}`,
    kind: sketch.kind,
    session: `s-${sketch.session + 11}`,
    task: `t-${sketch.session + 1}`,
    project: "shop",
    profile: ["max-1", "max-2", "pro-1"][sketch.session % 3],
    tool: sketch.tool,
    summary: sketch.summary,
    detail: sketch.detail,
    why: sketch.why ?? null,
    questions: sketch.questions ?? [],
    state: "open",
    note: null,
    openedAt: ago(9 - index * 2),
    closedAt: null,
  }));
}

export function inventHandoffs(task: string) {
  const handoff = (number: number, by: string, done: string, remaining: string) => ({
    task,
    number,
    session: `s-${number + 3}`,
    by,
    note: {
      done,
      remaining,
      decisions:
        number === 1 ? "The counter is in Redis, because the session store is there." : null,
      files: ["src/login/attempts.ts", "src/login/attempts.test.ts"],
      check: "npm test -- login",
    },
    at: ago(90 - number * 30),
  });
  return [
    handoff(1, "worker", "Counting attempts by address, with its tests.", "The answer 429."),
    handoff(
      2,
      "supervisor",
      "2 commits: count attempts by address; answer 429.\n4 files changed, 131 insertions.",
      "Retry-After is not set yet; the last message says the clock in tests is the obstacle.",
    ),
  ];
}

export function inventRemovals(rows: Rows) {
  return rows.tasks
    .filter((task) => task.status === "landed" || task.status === "cancelled")
    .map((task, index) => ({
      id: index + 1,
      task: task.id,
      project: task.project,
      path: `~/.switchyard/worktrees/shop/${task.id}-work`,
      branch: `switchyard/${task.id}-work`,
      head: "9c41".repeat(10),
      rescue: index === 1 ? `refs/switchyard/rescue/${task.id}/1` : null,
      why: task.status === "landed" ? "its task has landed" : "its task was cancelled",
      at: ago(200 + index * 1_500),
      restoredAt: null,
    }));
}

export function inventApprovals(): Approval[] {
  const common = { project: "shop", tool: "Bash", task: null, until: null };
  return [
    { ...common, id: 1, input: "git push --force-with-lease origin demo", at: ago(3_000) },
    { ...common, id: 2, input: "rm -rf /tmp/shop-cache", at: ago(700) },
  ].map((each) => Approval.parse(each));
}

const CHECKED = [
  ["Claude Code", "good", "2.1.329 at /usr/local/bin/claude", null],
  ["git", "good", "2.39.5", null],
  ["git identity", "good", "Mira Example <mira@example.org>", null],
  ["Worktrees", "good", "One was made and removed again in 41 ms.", null],
  ["Pseudo-terminals", "good", "4096 at most, 31 in use", null],
  ["Open files", "warning", "The limit is 1024; 12 workers want about 4096.", "ulimit -n 8192"],
  ["Processes", "good", "61,440 at most, 412 in use", null],
  [
    "inotify",
    "warning",
    "128 instances at most; 12 workers want 160.",
    "sudo sysctl fs.inotify.max_user_instances=512",
  ],
  ["Disk", "good", "212 GB free", null],
  ["Inodes", "good", "91 % free", null],
  ["Data folder", "good", "On a local disk, readable by you alone", null],
  ["Socket path", "good", "61 of 104 characters", null],
  ["Clock", "good", "In step with the file system", null],
  ["Hook round trip", "good", "A harmless command passed in 38 ms.", null],
  ["Gate", "good", "A destructive command was stopped, as it should be.", null],
  [
    "Environment",
    "bad",
    "ANTHROPIC_API_KEY is set: work outside of Switchyard would be billed by it, not by a subscription.",
    "unset ANTHROPIC_API_KEY",
  ],
  ["Node", "good", "24.21.0; the native modules fit", null],
  ["Settings", "good", "config.yaml reads well", null],
  [
    "Sandbox",
    "warning",
    "bwrap is not installed; workers run without a sandbox.",
    "sudo apt install bubblewrap",
  ],
  ["Sign-in of max-1", "good", "max-1@example.org", null],
  ["Sign-in of max-2", "good", "max-2@example.org", null],
  ["Sign-in of pro-1", "good", "pro-1@example.org", null],
  ["Sign-in of pro-2", "bad", "Signed out since yesterday", "switchyard profile login pro-2"],
  ["Profile folders", "good", "All four are yours alone", null],
  ["Leftovers", "good", "No program of an earlier run is alive.", null],
] as const;

export const inventedFindings = CHECKED.map(([name, result, detail, fix]) => ({
  name,
  result,
  detail,
  fix,
}));

/** Of a core that has just come back, or whose terminal host hangs. */
export function inventHealth(state: string): CoreHealth {
  const since = new Date(Date.now() - 83_000).toISOString();
  return {
    isRecovering: state === "recovering",
    hostSilence: state === "silent" ? { since, pid: 48_211 } : null,
  };
}
