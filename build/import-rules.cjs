// Which room may import which. A rule's `comment` is what the person who breaks it reads.

/** The rooms of the core, lowest first. Rooms on one level do not know each other: start-core.ts introduces them. */
const coreLevels = [
  ["base"],
  ["store", "process", "terminal"],
  ["profile", "provider", "git", "task", "usage"],
  ["worker"],
  ["supervisor", "merge-queue"],
  ["gateway"],
];

const coreRoomsInOrder = coreLevels.flatMap((rooms, level) =>
  rooms.map((room) => {
    const known = [...coreLevels.slice(0, level).flat(), room];
    return {
      name: `core-rooms-in-order-${room}`,
      comment: `${room} imports, of the core, only: ${known.join(", ")}. Take what else it needs as a parameter; start-core.ts passes it in.`,
      severity: "error",
      from: { path: `^electron/core/${room}/` },
      to: { path: "^electron/core/", pathNot: `^electron/core/(${known.join("|")})/` },
    };
  }),
);

const TEST = "[.]test[.]tsx?$";
const notInTests = ["^(demo|e2e|build|bench)/", TEST];

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment:
        "These files import each other. Move what they share into a third file that imports neither.",
      severity: "error",
      from: {},
      // What is imported when it is needed, or for its types alone, cannot find the other half loaded.
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only", "dynamic-import"] } },
    },
    {
      name: "imports-resolve",
      comment:
        "This import leads nowhere: the file is not there, or the package is not in package.json. A rule cannot judge it.",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "shared-stands-alone",
      comment:
        "shared/ is data and pure functions for every side; it imports nothing but itself and zod.",
      severity: "error",
      from: { path: "^shared/", pathNot: TEST },
      to: { pathNot: ["^shared/", "node_modules/zod/"] },
    },
    {
      name: "core-knows-no-shell",
      comment:
        "electron/core runs in plain Node. Give it an interface and let a shell implement it.",
      severity: "error",
      from: { path: "^electron/core/" },
      to: { path: ["^electron/(desktop|web|cli|terminal-host)/", "^renderer/"] },
    },
    ...coreRoomsInOrder,
    {
      name: "terminal-host-stays-small",
      comment:
        "The terminal host changes rarely, so that sessions outlive the core: it imports only shared and core/base.",
      severity: "error",
      from: { path: "^electron/terminal-host/" },
      to: { path: "^(electron|renderer)/", pathNot: "^electron/(terminal-host|core/base)/" },
    },
    {
      name: "shells-do-not-meet",
      comment: "desktop, web and cli know the core and not each other.",
      severity: "error",
      from: { path: "^electron/(desktop|web|cli)/" },
      to: {
        path: ["^electron/(desktop|web|cli|terminal-host)/", "^renderer/"],
        pathNot: "^electron/$1/",
      },
    },
    {
      name: "shells-use-the-front-door",
      comment:
        "A shell reaches the core through start-core.ts and the contract; of its rooms it knows base, process and gateway.",
      severity: "error",
      from: { path: "^electron/(desktop|web|cli)/" },
      to: {
        path: "^electron/core/",
        pathNot: "^electron/core/(start-core[.]ts$|base/|process/|gateway/)",
      },
    },
    {
      name: "only-desktop-imports-electron",
      comment: "Only electron/desktop may import electron; anywhere else it starts a download.",
      severity: "error",
      from: { pathNot: ["^electron/desktop/", "^e2e/"] },
      to: { path: ["^electron$", "node_modules/electron/"] },
    },
    {
      name: "window-talks-through-the-contract",
      comment: "The renderer reaches the core only through shared/contract.",
      severity: "error",
      from: { path: "^renderer/" },
      to: { path: "^electron/" },
    },
    {
      name: "renderer-ui-knows-no-domain",
      comment: "ui knows no other room, and nothing of what Switchyard is about.",
      severity: "error",
      from: { path: "^renderer/ui/" },
      to: {
        path: ["^renderer/", "^shared/"],
        // A failed request is shown the same everywhere, and so is a time.
        pathNot: [
          "^renderer/ui/",
          "^shared/model/(switchyard-error|unreachable|format-time)[.]ts$",
        ],
      },
    },
    {
      name: "renderer-terminal-knows-no-feature",
      comment:
        "A terminal's screen knows the bridge and the parts of the interface, not who shows it.",
      severity: "error",
      from: { path: "^renderer/terminal/" },
      to: { path: "^renderer/", pathNot: "^renderer/(terminal|client|ui)/" },
    },
    {
      name: "renderer-client-knows-no-window",
      comment: "client is the bridge to the core and knows no other room of the renderer.",
      severity: "error",
      from: { path: "^renderer/client/" },
      to: { path: "^renderer/", pathNot: "^renderer/client/" },
    },
    {
      name: "renderer-mirror-is-not-watching-back",
      comment: "The mirror is filled through client and knows nobody who looks at it.",
      severity: "error",
      from: { path: "^renderer/mirror/" },
      to: { path: "^renderer/", pathNot: "^renderer/(client|mirror)/" },
    },
    {
      name: "features-know-no-app",
      comment: "A feature does not know the app around it. Pass in what it needs.",
      severity: "error",
      from: { path: "^renderer/features/" },
      to: { path: "^renderer/(app/|[^/]+$)" },
    },
    {
      name: "features-do-not-meet",
      comment:
        "A feature does not import another feature. Lift what both need into renderer/mirror, renderer/ui or shared.",
      severity: "error",
      from: { path: "^renderer/features/([^/]+)/" },
      to: { path: "^renderer/features/", pathNot: "^renderer/features/$1/" },
    },
    {
      name: "sql-stays-in-the-store",
      comment: "Only electron/core/store talks to SQLite.",
      severity: "error",
      from: { pathNot: ["^electron/core/store/", ...notInTests] },
      to: { path: "node_modules/(better-sqlite3|@types/better-sqlite3)/" },
    },
    {
      name: "only-git-runs-git",
      comment:
        "Every git call goes through electron/core/git, which makes it safe against hostile repositories.",
      severity: "error",
      from: { pathNot: ["^electron/core/git/", ...notInTests] },
      to: { path: "node_modules/simple-git/" },
    },
    {
      name: "only-these-rooms-start-processes",
      comment:
        "Processes are started by core/process and the terminal host, so that each one has an owner who ends it.",
      severity: "error",
      from: {
        pathNot: [
          "^electron/(core/process|terminal-host)/",
          // These two are meant to outlive who starts them: the person's browser, and `serve --detach`.
          "^electron/web/(open-in-browser|start-in-background)[.]ts$",
          // Give the real program a terminal, a core that dies, and a clone its checks, for tests alone.
          "^electron/core/(provider/claude/claude-world|killable-core|merge-queue/audit-target)[.]ts$",
          ...notInTests,
        ],
      },
      to: { path: ["^(node:)?child_process$", "node_modules/node-pty/"] },
    },
    {
      name: "machines-and-plans-are-pure",
      comment:
        "A *-machine.ts or plan-*.ts file decides; it does not act. Return an effect instead.",
      severity: "error",
      from: {
        path: "^(shared|electron/core|electron/terminal-host|renderer)/.*(-machine|/plan-[^/.]+)[.]ts$",
      },
      to: {
        pathNot: ["^shared/", "(-machine|/plan-[^/.]+)[.]ts$"],
        // A type does nothing.
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "production-imports-no-tooling",
      comment: "What people run does not import tests, the demo, benchmarks or build scripts.",
      severity: "error",
      // The world of the merge queue's tests is judged by the auditor, which imports nothing.
      from: {
        path: "^(shared|electron|renderer)/",
        pathNot: [TEST, "^electron/core/merge-queue/audited-place[.]ts$"],
      },
      to: { path: [TEST, "^(e2e|demo|build|bench)/"] },
    },
    {
      name: "demo-stands-before-the-door",
      comment:
        "The demo uses Switchyard as a person does: through shared/contract and the command line.",
      severity: "error",
      from: { path: "^demo/" },
      to: { path: ["^electron/", "^(renderer|e2e|bench)/"], pathNot: "^electron/core/base/" },
    },
    {
      name: "e2e-tests-what-was-built",
      comment:
        "Scenarios drive the built app; they import only shared, core/base, the demo and build.",
      severity: "error",
      // The window fixture puts the real window over an invented core, to look at it; the queue's kills are counted in its own calls;
      // the terminal's bytes are followed from the host into the window's own lanes.
      from: { path: "^e2e/", pathNot: "^e2e/(window-fixture|fidelity|soak/queue)/" },
      to: { path: ["^electron/", "^(renderer|bench)/"], pathNot: "^electron/core/base/" },
    },
    {
      name: "auditor-knows-nothing",
      comment:
        "The auditor judges the merge queue from outside: a fault that both share would be seen by nobody.",
      severity: "error",
      from: { path: "^e2e/audit/" },
      to: { pathNot: ["^e2e/audit/", "^node:"], dependencyTypesNot: ["core"] },
    },
    {
      name: "build-handles-files-not-code",
      comment: "Build scripts bundle the source; they do not import it.",
      severity: "error",
      from: { path: "^build/" },
      to: { path: "^(shared|electron|renderer|e2e)/" },
    },
    {
      name: "no-orphans",
      comment: "Nothing imports this file, and it imports nothing. Delete it, or import it.",
      severity: "error",
      from: {
        orphan: true,
        pathNot: [
          "(^|/)(main|preload|signal-shim)[.]tsx?$",
          "[.]d[.]ts$",
          "^renderer/public/",
          "^(build|e2e|demo|bench)/",
        ],
      },
      to: {},
    },
  ],
  options: {
    // Type-only imports count: knowing a type is knowing a room.
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    // The demo's sample repository is what workers change, not a part of this program.
    exclude: {
      path: ["(^|/)dist/", "[?](url|raw|inline|worker)$", "^demo/(plan|sample-repository)/"],
    },
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      conditionNames: ["import", "require", "node", "default", "types"],
      exportsFields: ["exports"],
    },
  },
};
