/** A runner that begins a command, or a program that only starts one. */
const RUNNER =
  /^(?:(?:npx|bunx|pnpm (?:exec|dlx)|yarn(?: exec)?|uv run|poetry run|pipenv run)(?: --?[\w-]+)* )?(?:vitest|jest|mocha|tape|tap|playwright test|node --test|pytest|py\.test|python3? -m pytest|go test|cargo test)(?: |$)/;
const SCRIPT = /^(?:npm|pnpm|yarn|bun)(?: run)?(?: -[\w-]+)* [\w:.-]+(?: .*)?$/;
/** More than one command, or output that another program has had in its hands. */
const CHAIN = /&&|\|\||[;|&`\n]|\$\(/;
const REDIRECTION = /\d?>&\d/g;
/** A package manager says first what it runs. */
const ECHO = /^[>$] (.+)$/;
/** `> name@1.0.0 test`, sometimes with the folder. */
const TITLE = /^\S+@\d\S* [\w:.-]+(?: \/.*)?$/;
const ECHO_LINES = 200;

/**
 * Whether nothing but a runner of tests can have made a check fail: its command is one, or is a script that a package manager said
 * to be one. Anything else may have had something after the tests that a failure kept from running.
 */
export function isTestCommand(command: string, lines: readonly string[]): boolean {
  const own = soleCommand(command);
  if (own === null) return false;
  if (RUNNER.test(own)) return true;
  if (!SCRIPT.test(own)) return false;
  const told = lines.slice(0, ECHO_LINES).flatMap((line) => ECHO.exec(line)?.[1] ?? []);
  const scripts = told.filter((line) => !TITLE.test(line));
  const [script] = scripts;
  if (script === undefined || scripts.length !== 1) return false;
  const inner = soleCommand(script);
  return inner !== null && RUNNER.test(inner);
}

/** Whether a command is one alone, whatever it runs. */
export function isSoleCommand(command: string): boolean {
  return soleCommand(command) !== null;
}

/** Without the folder it goes to and the variables it sets first. */
function soleCommand(command: string): string | null {
  const told = command
    .trim()
    .replace(REDIRECTION, "")
    .replace(/^cd [\w./-]+ && /, "")
    .replace(/^(?:\w+=[\w./:-]* )+/, "")
    .trim();
  return CHAIN.test(told) ? null : told;
}
