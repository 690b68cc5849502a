import type { ConflictView } from "../../shared/model/conflict-view.ts";
import { EntryId, Oid } from "../../shared/model/ids.ts";

/**
 * A conflict in three places of two files, one of them with contents that would look like something else. `isMoved`: the branch has other
 * lines at one of them than before.
 */
export function inventConflict(entry: string, isMoved = false): ConflictView {
  return {
    entry: EntryId.parse(entry),
    target: "main",
    base: Oid.parse("17ab".repeat(10)),
    files: [
      {
        path: "src/reports/export.ts",
        parts: [
          {
            kind: "same",
            text: 'import { formatInZone } from "./zone.ts";\nimport type { Report } from "./report.ts";\n\n/** One line for each row, with its time. */\nexport function exportReport(report: Report, zone: string): string {\n',
          },
          {
            kind: "lines",
            base: "  const rows = report.rows.map((row) => [row.at, row.name]);\n",
            target:
              "  const rows = report.rows.map((row) => [row.at.toISOString(), row.name, row.total]);\n  rows.unshift(HEADER);\n",
            branch:
              "  const rows = report.rows.map((row) => [formatInZone(row.at, zone), row.name]);\n",
          },
          {
            kind: "same",
            text: "  const lines = rows.map((row) => row.map(quote).join(SEPARATOR));\n  return lines.join(LINE_END);\n}\n\n/** Quotes where a reader would take it for two cells. */\nfunction quote(cell: string): string {\n  return cell;\n}\n",
          },
          {
            kind: "lines",
            base: "",
            target: '\nconst HEADER = ["at", "name", "total"];\n',
            branch: isMoved
              ? '\nconst ZONE = "Europe/Berlin";\n'
              : '\n<script>alert("not run")</script> \u202egnihton\u202c <<<<<<< HEAD\nconst ZONE = "UTC";\n',
          },
        ],
      },
      {
        path: "src/reports/zone.ts",
        parts: [
          {
            kind: "whole",
            base: "a file (5e0c1b2a9d44)",
            target: "no file",
            branch: "a file (77aa01c3fe12)",
          },
        ],
      },
    ],
    draft: [
      { path: "src/reports/export.ts", choices: ["both", null] },
      { path: "src/reports/zone.ts", choices: [null] },
    ],
  };
}
