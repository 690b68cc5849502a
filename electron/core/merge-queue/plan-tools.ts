/** What tells the version of a tool that checks are commonly made of, and the tool that it runs on. */
const KNOWN: Readonly<Record<string, { readonly ask?: string; readonly on?: string }>> = {
  node: {},
  npm: { on: "node" },
  npx: { on: "node" },
  pnpm: { on: "node" },
  yarn: { on: "node" },
  bun: {},
  deno: {},
  python: {},
  python3: {},
  pip: { on: "python3" },
  pytest: { on: "python3" },
  tox: { on: "python3" },
  poetry: { on: "python3" },
  uv: {},
  cargo: { on: "rustc" },
  rustc: {},
  go: { ask: "version" },
  make: {},
  cmake: {},
  gcc: {},
  clang: {},
  java: { ask: "-version" },
  mvn: { on: "java" },
  gradle: { on: "java" },
  ruby: {},
  bundle: { on: "ruby" },
  rake: { on: "ruby" },
  php: {},
  composer: { on: "php" },
  dotnet: {},
  swift: {},
};
const ASK = "--version";

export interface Tool {
  readonly name: string;
  /** The argument with which it tells its version. */
  readonly ask: string;
}

/**
 * The tools whose versions can change what these commands say: the known ones that a command names anywhere, what those run on, and
 * `declared` ones. A program that only a script of the repository calls is not seen.
 */
export function planTools(
  commands: readonly string[],
  declared: readonly string[],
): readonly Tool[] {
  const named = commands.flatMap((command) => command.match(/[\w.+-]+/g) ?? []);
  const found = named.filter((word) => Object.hasOwn(KNOWN, word));
  const under = found.flatMap((name) => KNOWN[name]?.on ?? []);
  const names = new Set([...found, ...under, ...declared]);
  return [...names].sort().map((name) => ({ name, ask: askOf(name) }));
}

function askOf(name: string): string {
  return Object.hasOwn(KNOWN, name) ? (KNOWN[name]?.ask ?? ASK) : ASK;
}
