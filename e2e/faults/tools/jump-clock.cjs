// Loaded with `node --require` into a process under test: its wall clock runs as many milliseconds off as the file named by
// SWITCHYARD_TEST_CLOCK says, and follows the file while it runs. The clock that never jumps (performance.now, timers) stays.
const { readFileSync } = require("node:fs");

const file = process.env.SWITCHYARD_TEST_CLOCK;
const RealDate = Date;
const LOOK_EVERY_MS = 50;
let offsetMs = 0;
let lookedAtMs = Number.NEGATIVE_INFINITY;

function now() {
  const at = performance.now();
  if (file && at - lookedAtMs > LOOK_EVERY_MS) {
    lookedAtMs = at;
    try {
      offsetMs = Number(readFileSync(file, "utf8")) || 0;
    } catch {
      // No file: no jump.
    }
  }
  return RealDate.now() + offsetMs;
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, self) =>
    Reflect.construct(target, args.length > 0 ? args : [now()], self),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
