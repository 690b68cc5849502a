// What `npm start -- --demo` and `npm run demo` share. No script of its own: the two import it while they are still being run.

/**
 * For `npm start -- --demo`: what to start the app with. The plan is played as soon as the app is up.
 *
 * @returns {Promise<{ env: NodeJS.ProcessEnv, end: () => Promise<void> }>}
 */
export async function prepareDemo() {
  const { openDemo } = await import("../demo/open-demo.ts");
  const demo = await openDemo();
  for (const line of describePlace(demo.home, process.env)) tell(line);
  const leaving = new AbortController();
  const playing = demo.play(tell, leaving.signal).then(summarise, (error) => {
    if (!leaving.signal.aborted) tell(`The demo stopped: ${error.message}`);
  });
  return {
    env: { SWITCHYARD_HOME: demo.home },
    async end() {
      leaving.abort(new Error("the app was closed"));
      await playing;
      await demo[Symbol.asyncDispose]();
    },
  };
}

/**
 * Where the demo keeps its data, and how to reach it from a terminal.
 *
 * @param {string} home the data folder
 * @param {NodeJS.ProcessEnv} env
 * @returns {readonly string[]}
 */
export function describePlace(home, env) {
  const own = env.SWITCHYARD_HOME;
  return [
    `The demo's data folder is ${home}; it is removed when the app is closed.`,
    ...(own ? [`SWITCHYARD_HOME (${own}) is not used and stays as it is.`] : []),
    `The command line for it: npm run switchyard -- --home "${home}" status`,
  ];
}

/**
 * @param {import("../demo/run-demo.ts").DemoOutcome} outcome
 * @returns {number} the exit code
 */
export function summarise(outcome) {
  if (outcome.kind === "failed") {
    tell("The demo did not come through:");
    for (const reason of outcome.reasons) tell(`- ${reason}`);
    return 1;
  }
  const seconds = Math.round(outcome.tookMs / 1000);
  tell(
    `All ${outcome.landed} tasks landed in ${seconds} s; ${outcome.returned} came back to a worker first.`,
  );
  return 0;
}

/** @param {string} line */
export function tell(line) {
  process.stdout.write(`${line}\n`);
}
