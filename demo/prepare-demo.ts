import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "../shared/model/check.ts";
import type { PlanTier } from "../shared/model/profile.ts";
import { writeBody } from "./plan/demo-task.ts";
import { DEMO_PLAN_TITLE, demoRules, demoTasks } from "./plan.ts";
import {
  makeLargeRepository,
  makeSampleRepository,
  SAMPLE_TARGET,
} from "./sample-repository/make-sample-repository.ts";
import { createScriptedModel, type ScriptedModel } from "./scripted-model/create-scripted-model.ts";
import { tokenTail } from "./scripted-model/model-call.ts";
import type { ScenarioSource } from "./scripted-model/scenario.ts";
import { type FoundClaude, findClaude } from "./stand-in/find-claude.ts";

export interface DemoProfile {
  readonly name: string;
  readonly plan: PlanTier;
  readonly cap: number;
  readonly executable: string;
  readonly env: Readonly<Record<string, string>>;
  /** The end of its made-up token, by which the scripted model's log tells whose call it was. */
  readonly tail: string;
}

/** Everything the demo needs outside the app, and what is to be made inside it. Disposing it ends the scripted model. */
export interface Demo extends AsyncDisposable {
  readonly model: ScriptedModel;
  readonly claude: FoundClaude;
  readonly profiles: readonly DemoProfile[];
  readonly project: {
    readonly name: string;
    readonly path: string;
    readonly target: string;
    readonly checks: readonly Check[];
  };
  readonly planTitle: string;
  /** In an order in which each comes after those it waits for; `after` holds indexes into this list. */
  readonly tasks: readonly {
    readonly title: string;
    readonly body: string;
    readonly after: readonly number[];
  }[];
}

interface DemoOptions {
  /** An existing folder: gets the sample repository and the log of the model's calls. */
  readonly folder: string;
  /** Puts the sample among at least so many files. */
  readonly files?: number;
  /** Instead of the Claude Code, or the stand-in, that is there. */
  readonly claude?: FoundClaude;
}

const CHECK_TIMEOUT_MS = 60_000;

export async function prepareDemo(options: DemoOptions): Promise<Demo> {
  const path = join(options.folder, "timetable");
  mkdirSync(path);
  if (options.files === undefined) makeSampleRepository(path);
  else makeLargeRepository(path, options.files);

  const model = createScriptedModel({
    scenario: demoScenario,
    log: join(options.folder, "model-calls.jsonl"),
  });
  await model.listen(0);
  const claude = options.claude ?? findClaude();
  return {
    model,
    claude,
    profiles: subscriptions.map(({ name, plan, cap, token }) => ({
      name,
      plan,
      cap,
      executable: claude.executable,
      env: {
        ANTHROPIC_BASE_URL: model.url,
        CLAUDE_CODE_OAUTH_TOKEN: token,
        CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        DISABLE_AUTOUPDATER: "1",
      },
      tail: tokenTail(token),
    })),
    project: {
      name: "timetable",
      path,
      target: SAMPLE_TARGET,
      checks: [{ name: "tests", run: "node --test", timeoutMs: CHECK_TIMEOUT_MS }],
    },
    planTitle: DEMO_PLAN_TITLE,
    tasks: demoTasks.map((task) => ({
      title: task.title,
      body: writeBody(task),
      after: task.after.map((key) => demoTasks.findIndex((each) => each.key === key)),
    })),
    [Symbol.asyncDispose]: () => model.close(),
  };
}

// Made-up tokens: the scripted model takes anything, and tells the profiles apart by the last six characters.
const subscriptions = [
  {
    name: "max-1",
    plan: "max",
    cap: 2,
    token: "switchyard-demo-max-01",
    unified: {
      five_hour: { utilization: 0.42, resets_in: 7800 },
      seven_day: { utilization: 0.31, resets_in: 4.2 * 24 * 3600 },
    },
  },
  {
    name: "pro-1",
    plan: "pro",
    cap: 1,
    token: "switchyard-demo-pro-01",
    unified: {
      five_hour: { utilization: 0.67, resets_in: 4300 },
      seven_day: { utilization: 0.18, resets_in: 2.6 * 24 * 3600 },
    },
  },
] as const;

const demoScenario: ScenarioSource = {
  rules: demoRules,
  profiles: Object.fromEntries(
    subscriptions.map(({ name, token, unified }) => [tokenTail(token), { name, unified }]),
  ),
};
