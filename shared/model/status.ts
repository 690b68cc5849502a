import { z } from "zod";
import { BuildLock } from "./build-lock.ts";
import { CoreHealth } from "./core-health.ts";
import { Fleet } from "./fleet.ts";
import { Frozen } from "./freeze.ts";
import { ProfileName, ProjectName } from "./ids.ts";
import { PlanTier, Profile } from "./profile.ts";
import { Project } from "./project.ts";
import { UsageWindows } from "./usage-window.ts";

export const Status = z.object({
  core: z.object({ pid: z.number().int(), version: z.string(), uptimeS: z.number() }).nullable(),
  profiles: z.array(
    z.object({
      name: ProfileName,
      plan: PlanTier,
      state: Profile.shape.state,
      cap: z.number().int(),
      learnedCap: z.number().int().nullable(),
      live: z.number().int(),
      windows: UsageWindows,
    }),
  ),
  projects: z.array(
    z.object({
      name: ProjectName,
      path: z.string(),
      target: z.string(),
      tasks: z.record(z.string(), z.number().int()),
      queue: Project.shape.queue.pick({ state: true, reason: true }).extend({
        frozen: Frozen.nullable(),
        length: z.number().int(),
        /** How many of them wait as pull requests that are open; an older core does not say. */
        proposed: z.number().int().optional(),
      }),
    }),
  ),
  sessions: z.record(z.string(), z.number().int()),
  fleet: Fleet,
  health: CoreHealth,
  /** Who holds build slots, and who waits for one. */
  locks: z.array(BuildLock),
  /** What is wrong with settings files now, one text a file with its lines; what they said before is in force. */
  settingsProblems: z.array(z.string()),
});
export type Status = z.infer<typeof Status>;
