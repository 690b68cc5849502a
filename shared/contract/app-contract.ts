import { z } from "zod";
import { BuildLock } from "../model/build-lock.ts";
import { CoreHealth } from "../model/core-health.ts";
import { Forecast } from "../model/forecast.ts";
import { appCalls } from "./calls/app-calls.ts";
import { profileCalls } from "./calls/profile-calls.ts";
import { projectCalls } from "./calls/project-calls.ts";
import { queueCalls } from "./calls/queue-calls.ts";
import { searchCalls } from "./calls/search-calls.ts";
import { sessionCalls } from "./calls/session-calls.ts";
import { taskCalls } from "./calls/task-calls.ts";
import { windowCalls } from "./calls/window-calls.ts";
import { Changed } from "./rows.ts";
import type { Contract } from "./rpc.ts";

/** Everything a window or the command line can ask of the core. */
export const appContract = {
  calls: {
    ...appCalls,
    ...projectCalls,
    ...profileCalls,
    ...taskCalls,
    ...sessionCalls,
    ...queueCalls,
    ...windowCalls,
    ...searchCalls,
  },
  events: { changed: Changed, forecast: Forecast, health: CoreHealth, locks: z.array(BuildLock) },
} as const satisfies Contract;
export type AppContract = typeof appContract;
