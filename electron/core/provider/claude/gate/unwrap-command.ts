import path from "node:path";

interface Wrapper {
  /** Options that take the next word as their value. */
  readonly values?: readonly string[];
  /** How many words of its own stand before the command. */
  readonly skips?: number;
}

/** Programs that run the command which follows them. */
const WRAPPERS: Readonly<Record<string, Wrapper>> = {
  env: { values: ["-u", "--unset", "-C", "--chdir"] },
  sudo: { values: ["-u", "-g", "-h", "-p", "-C", "-D", "-R", "-T", "--user", "--group"] },
  doas: { values: ["-u", "-C"] },
  nohup: {},
  setsid: {},
  exec: { values: ["-a"] },
  builtin: {},
  time: { values: ["-f", "-o"] },
  stdbuf: { values: ["-i", "-o", "-e"] },
  nice: { values: ["-n"] },
  ionice: { values: ["-c", "-n"] },
  timeout: { values: ["-s", "--signal", "-k", "--kill-after"], skips: 1 },
  chronic: {},
  caffeinate: {},
  busybox: {},
  toybox: {},
  strace: { values: ["-e", "-o", "-p", "-s"] },
  flock: { values: ["-w"], skips: 1 },
  chroot: { skips: 1 },
  unshare: {},
  bwrap: {},
  npx: { values: ["-p", "--package"] },
  bunx: {},
  pnpx: {},
  "switchyard-lock": {},
  dotenv: { values: ["-e", "-f"] },
  "cross-env": {},
};

/** Programs that do so after a word of their own. */
const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  npm: ["exec", "x"],
  pnpm: ["exec", "dlx"],
  yarn: ["exec", "dlx"],
  bun: ["x"],
  bundle: ["exec"],
  poetry: ["run"],
  uv: ["run"],
  pipenv: ["run"],
  rbenv: ["exec"],
  mise: ["exec", "x"],
};

/** Options of every command of the app's own that take the next word, and of `lock`, which runs what follows. */
const OWN_VALUES = ["--home", "--project"];
const LOCK_VALUES = [...OWN_VALUES, "--name", "--timeout"];

/** The command itself, without the programs that only run it. */
export function unwrapCommand(words: readonly string[]): readonly string[] {
  let rest = words;
  // Each round takes away at least one word.
  for (;;) {
    const program = path.basename(rest[0] ?? "");
    const wrapper = ownOf(WRAPPERS, program);
    const isRunner = ownOf(RUNNERS, program)?.includes(rest[1] ?? "") ?? false;
    const split =
      program === "env" ? rest.findIndex((word) => /^(-S|--split-string$)/.test(word)) : -1;
    // Both run the text they are given.
    if (program === "watch") return ["eval", ...dropOptions(rest.slice(1), { values: ["-n"] })];
    // Behind the command's own name it is an option of that.
    const isOfEnv = rest.slice(1, split).every((word) => /^(-|\w+=)/.test(word));
    if (split >= 0 && isOfEnv) {
      const attached = (rest[split] ?? "").replace(/^(-S|--split-string)/, "");
      return ["eval", attached, ...rest.slice(split + 1)];
    }
    if (program === "command" && !/^-[vV]/.test(rest[1] ?? ""))
      rest = dropOptions(rest.slice(1), {});
    else if (wrapper) rest = dropOptions(rest.slice(1), wrapper);
    else if (isRunner) rest = dropOptions(rest.slice(2), {});
    else if (isLock(rest)) rest = dropOptions(ownWords(rest).slice(1), { values: LOCK_VALUES });
    else return rest;
  }
}

function isLock(words: readonly string[]): boolean {
  return /^(switchyard|sy)$/.test(path.basename(words[0] ?? "")) && ownWords(words)[0] === "lock";
}

function ownWords(words: readonly string[]): readonly string[] {
  return dropOptions(words.slice(1), { values: OWN_VALUES });
}

function dropOptions(
  words: readonly string[],
  { values = [], skips = 0 }: Wrapper,
): readonly string[] {
  let at = 0;
  for (; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "--") {
      at += 1;
      break;
    }
    if (values.includes(word)) at += 1;
    else if (!word.startsWith("-") && !/^\w+=/.test(word)) break;
  }
  return words.slice(at + skips);
}

/** A program may be called `valueOf`. */
function ownOf<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
