import type { Finding } from "../../../../shared/model/finding.ts";
import { describeConflict, type KeyConflict } from "../../../../shared/model/key-conflict.ts";
import { bad, good, warning } from "./finding.ts";

export interface SettingsParts {
  /** One sentence for each file that is wrong, with the file, the line and what would be right. */
  readonly problems: readonly string[];
  /** What is wrong with the person's file of keys, and which keys two actions want. */
  readonly keys: {
    readonly problem: string | null;
    readonly conflicts: readonly KeyConflict[];
  };
  /** The person's own settings switch the gate off. */
  readonly isGateOff: boolean;
  /** Projects whose workers' commands have to run in the provider's sandbox. */
  readonly sandboxed: readonly string[];
  /** Null where there is one. */
  readonly whyNoSandbox: string | null;
  /** Profiles that pools or weights name and nobody has, by the settings they stand in. */
  readonly unknownProfiles: readonly {
    readonly place: string;
    readonly names: readonly string[];
  }[];
  /** Rules of projects' own files that allow too much to be taken from a repository. */
  readonly refused: readonly { readonly project: string; readonly rules: readonly string[] }[];
  /** Projects whose settings name a mode in which workers ask nothing: until when it is accepted, or why no worker starts in it. */
  readonly unasked: readonly {
    readonly project: string;
    readonly mode: string;
    readonly until: string | null;
    readonly refusal: string | null;
  }[];
}

export function examineSettings(parts: SettingsParts): readonly Finding[] {
  const name = "Settings";
  const fix = "Correct the file; until then its last good settings are in force.";
  const wrong = parts.problems.map((problem) => bad(name, problem, fix));
  const ungated = parts.isGateOff
    ? [
        warning(
          "Gate of workers",
          "It is off: destructive commands run without a person having seen them.",
          "Take guards.destructive out of config.yaml in the data folder.",
        ),
      ]
    : [];
  const unasked = parts.unasked.map(({ project, mode, until, refusal }) =>
    refusal === null
      ? warning(
          `Permissions of ${project}`,
          `Until ${until} its workers run in the mode ${mode} and ask nothing; the gate alone still stops them.`,
          `switchyard project set ${project} --refuse-mode ${mode}`,
        )
      : bad(
          `Permissions of ${project}`,
          `The settings name the mode ${mode}, and no worker is started in it.`,
          refusal,
        ),
  );
  const refused = parts.refused
    .filter(({ rules }) => rules.length > 0)
    .map(({ project, rules }) =>
      warning(
        `Permissions of ${project}`,
        `Its file allows more than a repository may, and workers go on asking: ${rules.join(", ")}.`,
        "If you want that, write the same into agents.worker.allow of config.yaml in the data folder; else name the commands in the project's file.",
      ),
    );
  const unknown = parts.unknownProfiles
    .filter(({ names }) => names.length > 0)
    .map(({ place, names }) =>
      warning(
        "Placement",
        `The pools or weights of ${place} name profiles that there are none of: ${names.join(", ")}.`,
        "Correct dispatch.pools and dispatch.weights there; see: switchyard profile list",
      ),
    );
  const all = [
    ...wrong,
    ...unknown,
    ...ungated,
    ...unasked,
    ...refused,
    ...examineSandbox(parts),
    ...examineKeys(parts),
  ];
  return wrong.length > 0 ? all : [good(name, "They can be read."), ...all];
}

function examineKeys({ keys: { problem, conflicts } }: SettingsParts): readonly Finding[] {
  const name = "Keys";
  const wrong =
    problem === null
      ? []
      : [
          bad(
            name,
            problem,
            "Correct the file; until then its last good keys are in force, or the usual ones.",
          ),
        ];
  const doubled = conflicts.map((conflict) =>
    warning(
      name,
      `${describeConflict(conflict)}.`,
      `Give ${conflict.loses.join(", ")} other keys in keys.yaml, or none.`,
    ),
  );
  return [...wrong, ...doubled];
}

function examineSandbox({ sandboxed, whyNoSandbox }: SettingsParts): readonly Finding[] {
  const name = "Sandbox";
  if (sandboxed.length === 0) return [];
  if (whyNoSandbox === null)
    return [good(name, `Commands of workers of ${sandboxed.join(", ")} run in it.`)];
  return [bad(name, `No worker of ${sandboxed.join(", ")} can start.`, whyNoSandbox)];
}
