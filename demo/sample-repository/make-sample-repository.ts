import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runGit } from "../run-git.ts";

const FILES = fileURLToPath(new URL("files", import.meta.url));

/** The branch that work on the sample lands on. */
export const SAMPLE_TARGET = "main";

/** Writes a small JavaScript library with real tests into an empty `folder`, as a repository with one commit. */
export function makeSampleRepository(folder: string): void {
  cpSync(FILES, folder, { recursive: true });
  commitAll(folder, "A small timetable library");
}

/** The same library among so many timetables that the repository has at least `files` files. */
export function makeLargeRepository(folder: string, files = 2000): void {
  cpSync(FILES, folder, { recursive: true });
  for (let region = 0; region * FILES_A_REGION < files; region++) writeRegion(folder, region);
  commitAll(folder, "A timetable library and the timetables of many regions");
}

const FILES_A_REGION = 50;

function writeRegion(folder: string, region: number): void {
  const name = `region-${String(region).padStart(3, "0")}`;
  mkdirSync(join(folder, "lines", name));
  for (let line = 0; line < FILES_A_REGION; line++) {
    const hours = Array.from({ length: 18 }, (_, hour) => String(hour + 5).padStart(2, "0"));
    const trains = hours.map((hour) => {
      const number = region * FILES_A_REGION + line;
      return `RE ${number} | Northgate ${number} ${hour}:10 | Southgate ${number} ${hour}:48`;
    });
    writeFileSync(join(folder, "lines", name, `line-${line}.txt`), `${trains.join("\n")}\n`);
  }
}

function commitAll(folder: string, message: string): void {
  runGit(folder, "init", "--quiet", "-b", SAMPLE_TARGET);
  // An identity of its own: the demo runs where git has never been set up, and never signs as the person.
  runGit(folder, "config", "user.name", "Switchyard demo");
  runGit(folder, "config", "user.email", "demo@switchyard.invalid");
  runGit(folder, "config", "commit.gpgSign", "false");
  runGit(folder, "add", "--all");
  runGit(folder, "commit", "--quiet", "-m", message);
}
