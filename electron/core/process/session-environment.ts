/** What a session needs of the person's own environment to work as in their terminal. */
const ALWAYS_ALLOWED = [
  "PATH",
  "HOME",
  "USER",
  "SHELL",
  "LANG",
  "LC_*",
  "TERM",
  "TMPDIR",
  "SSH_AUTH_SOCK",
];

/**
 * Never inherited, not even when a project names them: they would bill another account, lead a worker to another profile,
 * or change what a program is (`ELECTRON_RUN_AS_NODE`, `NODE_OPTIONS`).
 */
const NEVER_INHERITED = ["CLAUDE*", "ANTHROPIC_*", "NODE_OPTIONS", "ELECTRON_RUN_AS_NODE", "npm_*"];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The whole environment of a process that Switchyard starts: an allow-list of the person's, then `additions`, which win.
 * Names in `allowed` may end in `*`.
 */
export function buildEnvironment(from: {
  readonly person: Environment;
  readonly allowed?: readonly string[];
  readonly additions?: Environment;
}): Record<string, string> {
  const allowed = [...ALWAYS_ALLOWED, ...(from.allowed ?? [])];
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(from.person)) {
    if (value === undefined || isNamed(name, NEVER_INHERITED)) continue;
    if (isNamed(name, allowed)) environment[name] = value;
  }
  for (const [name, value] of Object.entries(from.additions ?? {})) {
    if (value !== undefined) environment[name] = value;
  }
  return environment;
}

/** Without regard to case: npm and Windows use both. */
function isNamed(name: string, patterns: readonly string[]): boolean {
  const lower = name.toLowerCase();
  return patterns.some((pattern) => {
    const wanted = pattern.toLowerCase();
    return wanted.endsWith("*") ? lower.startsWith(wanted.slice(0, -1)) : lower === wanted;
  });
}
