import { tmpdir } from "node:os";
import type { Settings } from "../../../../../shared/model/settings.ts";
import type { GateRules } from "./gate-rules.ts";
import { realPathOf } from "./real-path.ts";

/**
 * The rules for a session in this worktree; null when the person switched the gate off. A project's file is part of its repository,
 * which workers write: it can add patterns that stop, and nothing that lets by. A change holds for sessions started from then on.
 */
export function gateOfSession(
  place: {
    readonly worktree: string;
    readonly branch: string | null;
    /** The person's home folder. */
    readonly home: string;
    /** The data folder and the project's own checkout. */
    readonly protected: readonly string[];
  },
  settings: { readonly person: Settings; readonly project: Settings },
): GateRules | null {
  const own = settings.person.guards;
  if (own?.destructive === "off") return null;
  const patterns = [own, settings.project.guards].flatMap(
    (guards) => guards?.["destructive-patterns"] ?? [],
  );
  return {
    worktree: realPathOf(place.worktree),
    branch: place.branch,
    home: realPathOf(place.home),
    temp: [...new Set(["/tmp", tmpdir()].map(realPathOf))],
    protected: place.protected.map(realPathOf),
    patterns,
    except: own?.["destructive-except"] ?? [],
  };
}
