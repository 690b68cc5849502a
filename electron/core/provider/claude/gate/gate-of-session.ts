import { tmpdir } from "node:os";
import type { Settings } from "../../../../../shared/model/settings.ts";
import type { GateRules } from "./gate-rules.ts";
import { realPathOf } from "./real-path.ts";

/** The rules for a session in this worktree; null when the settings switch the gate off. A change holds for sessions started from then on. */
export function gateOfSession(
  place: {
    readonly worktree: string;
    readonly branch: string | null;
    /** The person's home folder. */
    readonly home: string;
    /** The data folder and the project's own checkout. */
    readonly protected: readonly string[];
  },
  guards: Settings["guards"],
): GateRules | null {
  if (guards?.destructive === "off") return null;
  return {
    worktree: realPathOf(place.worktree),
    branch: place.branch,
    home: realPathOf(place.home),
    temp: [...new Set(["/tmp", tmpdir()].map(realPathOf))],
    protected: place.protected.map(realPathOf),
    patterns: guards?.["destructive-patterns"] ?? [],
    except: guards?.["destructive-except"] ?? [],
  };
}
