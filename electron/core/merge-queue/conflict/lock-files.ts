/** A file that a tool writes from what another file asks for. Nobody merges one: it is made anew. */
export interface LockFile {
  readonly name: string;
  /** Stands beside it and says what is asked for. */
  readonly manifest: string;
  readonly tool: string;
  /** Each writes the lock file and runs nothing of the project's; the first that works counts, so those that need no network come first. */
  readonly commands: readonly string[];
  readonly format: "json" | "yaml" | "text";
  /** Stands beside it where the commands are the right ones. */
  readonly onlyWith?: string;
}

const npm = "npm install --package-lock-only --ignore-scripts --no-audit --no-fund";
const pnpm = "pnpm install --lockfile-only --ignore-scripts";

/** All keep the versions that the lock file of the target names, as far as the manifest still asks for them. */
const LOCK_FILES: readonly LockFile[] = [
  {
    name: "package-lock.json",
    manifest: "package.json",
    tool: "npm",
    commands: [`${npm} --offline`, `${npm} --prefer-offline`],
    format: "json",
  },
  {
    name: "npm-shrinkwrap.json",
    manifest: "package.json",
    tool: "npm",
    commands: [`${npm} --offline`, `${npm} --prefer-offline`],
    format: "json",
  },
  {
    name: "pnpm-lock.yaml",
    manifest: "package.json",
    tool: "pnpm",
    commands: [`${pnpm} --offline`, `${pnpm} --prefer-offline`],
    format: "yaml",
  },
  {
    // Yarn of the first generation writes its lock file only together with the packages.
    name: "yarn.lock",
    manifest: "package.json",
    tool: "yarn",
    commands: ["yarn install --mode=update-lockfile"],
    format: "text",
    onlyWith: ".yarnrc.yml",
  },
  {
    name: "Cargo.lock",
    manifest: "Cargo.toml",
    tool: "cargo",
    commands: ["cargo update --workspace --offline", "cargo update --workspace"],
    format: "text",
  },
  {
    name: "go.sum",
    manifest: "go.mod",
    tool: "go",
    commands: ["GOFLAGS=-mod=mod GOPROXY=off go mod tidy", "GOFLAGS=-mod=mod go mod tidy"],
    format: "text",
  },
  {
    // Before its second generation it took newer versions unless it was told not to.
    name: "poetry.lock",
    manifest: "pyproject.toml",
    tool: "poetry",
    commands: ["poetry lock --no-update --no-interaction", "poetry lock --no-interaction"],
    format: "text",
  },
  {
    name: "uv.lock",
    manifest: "pyproject.toml",
    tool: "uv",
    commands: ["uv lock --offline", "uv lock"],
    format: "text",
  },
];

export function lockFileAt(path: string): LockFile | null {
  return LOCK_FILES.find(({ name }) => name === nameOf(path)) ?? null;
}

/** Where the lock files of a manifest can stand: beside it, or further up, in the folder of a workspace it belongs to. */
export function lockPathsOf(manifest: string): readonly string[] {
  const own = LOCK_FILES.filter((each) => each.manifest === nameOf(manifest));
  const parts = manifest.split("/").slice(0, -1);
  const folders = parts.map((_, at) => `${parts.slice(0, at + 1).join("/")}/`);
  return ["", ...folders].flatMap((folder) => own.map(({ name }) => folder + name));
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
