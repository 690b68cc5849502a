import { Settings } from "../../../shared/model/settings.ts";
import { type BadYaml, badYaml, readYaml, sentence, type YamlProblem } from "./read-yaml.ts";
import { findCronProblem, zoneOf } from "./working-hours.ts";

export type SettingsReading = { readonly kind: "good"; readonly settings: Settings } | BadYaml;

/** Reads the text of a `config.yaml`. `file` is only named in the message. An empty file is good. */
export function readSettings(file: string, text: string): SettingsReading {
  const reading = readYaml(file, text, Settings);
  if (reading.kind === "bad") return reading;
  const problems = findHoursProblems(reading.value, reading.lineOf);
  return problems.length > 0 ? badYaml(file, problems) : { kind: "good", settings: reading.value };
}

function findHoursProblems(
  { dispatch }: Settings,
  lineOf: (path: readonly PropertyKey[]) => number,
): readonly YamlProblem[] {
  return (dispatch?.hours ?? []).flatMap((line, n) => {
    if (typeof line === "string") return [];
    const right = findCronProblem(line.at, zoneOf(dispatch));
    const path = ["dispatch", "hours", n, "at"];
    const problem = `${JSON.stringify(line.at)} is not right`;
    return right === null
      ? []
      : [{ line: lineOf(path), key: path.join("."), problem, right: sentence(right) }];
  });
}

/** The project's settings over the person's: maps are joined key by key, anything else is replaced whole. */
export function mergeSettings(person: Settings, project: Settings): Settings {
  // Joining two values of one schema, key by key, gives a value of that schema.
  return merge(person, project) as Settings;
}

function merge(under: unknown, over: unknown): unknown {
  if (over === undefined) return under;
  if (!isRecord(under) || !isRecord(over)) return over;
  const keys = new Set([...Object.keys(under), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, merge(under[key], over[key])]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
