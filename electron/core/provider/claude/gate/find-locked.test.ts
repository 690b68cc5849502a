import { expect, test } from "vitest";
import { findLocked, putThroughLocks } from "./find-locked.ts";

const locked = [
  { lock: "build", pattern: "npm run build" },
  { lock: "build", pattern: "cargo build" },
  { lock: "build", pattern: "make" },
  { lock: "db", pattern: "*/migrate-*.sh" },
];

/** `L` stands where a command goes through the lock `build`, `L(db)` where through another. */
function check(script: string, becomes: string | null): void {
  const put = putThroughLocks(script, locked, (lock) => (lock === "build" ? "L " : `L(${lock}) `));
  expect(put).toBe(becomes);
}

test("a command on the list goes through the lock, with all its words", () => {
  check("npm run build", "L npm run build");
  check("cargo build --release -p 'a b'", "L cargo build --release -p 'a b'");
  check("/usr/bin/make -j8", "L /usr/bin/make -j8");
  check("db/migrate-up.sh now", "L(db) db/migrate-up.sh now");
});

test("what only looks like one does not", () => {
  check("npm run builder", null);
  check("npm test", null);
  check("echo npm run build", null);
  check("npm run", null);
  check("remake", null);
  check("git commit -m 'make it'", null);
  check("", null);
});

test("within a script only the command itself goes through it: folders, pipes, variables and conditions stay outside", () => {
  check(
    "cd web && FOO=1 npm run build 2>&1 | tail -5; echo done",
    "cd web && FOO=1 L npm run build 2>&1 | tail -5; echo done",
  );
  check("if ! make; then cargo build & fi", "if ! L make; then L cargo build & fi");
  check("for i in a b; do (make $i); done", "for i in a b; do (L make $i); done");
  check("time make", "time L make");
  check('echo "$(make -s print)"', 'echo "$(L make -s print)"');
  check("X=`make -s print` npm test", "X=`L make -s print` npm test");
  check("cat <<E\n$(make)\nE\nmake", "cat <<E\n$(L make)\nE\nL make");
});

test("programs that run another one run inside the slot, and words of the shell stay outside", () => {
  check("timeout 600 npm run build", "L timeout 600 npm run build");
  check("env CI=1 nice -n 5 make", "L env CI=1 nice -n 5 make");
  check("bash -lc 'cd a && make'", "L bash -lc 'cd a && make'");
  check("exec make", "exec L make");
  check("command make -s", "command L make -s");
});

test("what takes a slot already is left alone", () => {
  check("switchyard lock -- npm run build", null);
  check("/data/run/bin/switchyard lock --name db -- make", null);
  check("timeout 5 switchyard lock -- make", null);
  check('"/a b/switchyard-lock" make', null);
});

test("what cannot be read, and functions of the script's own, are left alone", () => {
  check("make && (", null);
  check("make() { true; }; make", null);
});

test("a list that is empty finds nothing, and a pattern without words neither", () => {
  expect(findLocked("make", [])).toEqual([]);
  expect(findLocked("make", [{ lock: "build", pattern: "  " }])).toEqual([]);
});
