import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Starts programs, each in a terminal of its own, until one cannot be started; says how many were, and what was said then. */
const startMany = `
  import { startProgram } from ${JSON.stringify(join(import.meta.dirname, "start-program.ts"))};
  const order = {
    session: "s-1", file: "/bin/sleep", args: ["60"], env: {}, cwd: "/", cols: 80, rows: 24,
    folder: "/", token: "t".repeat(32),
  };
  const said = await (async () => {
    for (let started = 0; started < 200; started += 1) {
      try {
        await startProgram(order, { onBytes() {}, onExit() {} });
      } catch (error) {
        return { started, code: error.code, message: error.message, hint: error.hint };
      }
    }
    return null;
  })();
  console.log(JSON.stringify(said));
  // Its terminals close with it, which ends what it started.
  process.exit(0);
`;

function startManyUnder(...under: readonly string[]) {
  const node = [process.execPath, "--input-type=module-typescript", "-e", startMany];
  const [program = "", ...args] = [...under, ...node];
  const { stdout, stderr } = spawnSync(program, args, { encoding: "utf8", timeout: 30_000 });
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(`it ended without a word: ${stdout}${stderr}`);
  }
}

const isLinux = process.platform === "linux";
/** A file system of terminals of its own, with room for four. Needs the right to mount. */
const fourTerminals =
  "mount -t devpts -o newinstance,max=4,ptmxmode=666 devpts /dev/pts && mount --bind /dev/pts/ptmx /dev/ptmx";
const mayMount = isLinux && spawnSync("unshare", ["-m", "sh", "-c", fourTerminals]).status === 0;

test.runIf(isLinux)("F19: without files to open it is said that these are missing", () => {
  const said = startManyUnder("sh", "-c", 'ulimit -n 64; exec "$@"', "sh");
  expect(said).toMatchObject({
    code: "failed",
    message: expect.stringContaining("may open no more files (EMFILE)"),
    hint: expect.stringContaining("ulimit -n"),
  });
  expect(said.started).toBeGreaterThan(0);
});

test.runIf(mayMount)(
  "F20: without pseudo-terminals it is said that these are missing, not the disk",
  () => {
    const said = startManyUnder("unshare", "-m", "sh", "-c", `${fourTerminals} && exec "$@"`, "sh");
    expect(said).toMatchObject({
      started: 4,
      code: "failed",
      message: expect.stringContaining("no pseudo-terminal is left (pty limit)"),
      hint: expect.stringContaining("kernel.pty.max"),
    });
  },
);
