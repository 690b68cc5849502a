import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { SettingsFiles } from "./settings-files.ts";

test("an editor that a project names is told of and never opened", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "switchyard-settings-"));
  try {
    const person = path.join(folder, "config.yaml");
    const file = path.join(folder, ".switchyard", "config.yaml");
    mkdirSync(path.dirname(file));
    writeFileSync(file, "editor: ./open-me\n");
    const settings = new SettingsFiles(person);
    expect(settings.problems([{ path: folder }])).toEqual([
      `${file}: the editor is each person's own, so nothing comes of it here. Write it into ${person}.`,
    ]);
    expect(settings.ofPerson().editor).toBeUndefined();
    writeFileSync(person, "editor: my-editor\n");
    expect(settings.problems([])).toEqual([]);
    expect(settings.ofPerson().editor).toBe("my-editor");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
