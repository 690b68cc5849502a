import path from "node:path";
import { InvalidArgumentError } from "commander";
import { z } from "zod";
import { CHECK_TIMEOUT_MS, type Check } from "../../shared/model/check.ts";
import { LineComment } from "../../shared/model/line-comment.ts";
import { AcceptedMs } from "../../shared/model/permission-mode.ts";
import type { LandPolicy } from "../../shared/model/project.ts";
import { SwitchyardError } from "../../shared/model/switchyard-error.ts";

// What a word of the command line means. A word that means nothing is told at once, with what would be right.

export function readWholeNumber(word: string): number {
  if (!/^\d{1,15}$/.test(word)) throw new InvalidArgumentError("It is a whole number, 0 or more.");
  return Number(word);
}

function readFromTo(least: number, most: number, wayOut = "") {
  return (word: string): number => {
    const number = /^\d{1,15}$/.test(word) ? Number(word) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.${wayOut}`);
  };
}

export const readCap = readFromTo(1, 100, " To give a profile no work, disable it.");
export const readPriority = readFromTo(1, 5);
/** A file with the line and column that can stand behind it: FILE, FILE:LINE or FILE:LINE:COLUMN. */
export function readFilePlace(word: string): {
  name: string;
  line: number | null;
  column: number | null;
} {
  const [, name = word, line, column] =
    /^(.+?)(?::([1-9]\d{0,8}))?(?::([1-9]\d{0,8}))?:?$/s.exec(word) ?? [];
  return { name, line: line ? Number(line) : null, column: column ? Number(column) : null };
}

/** Of a record. */
export const readLine = readFromTo(1, 1_000_000_000);
export const readLineCount = readFromTo(1, 1_000);
/** Among more entries than any queue has; how many there are the core says. */
export const readPlace = readFromTo(1, 1_000_000, " 1 is the next to land.");
/** 0: any free one. */
export const readPort = readFromTo(0, 65_535);

/** A program by its name, which the PATH decides, or by its path, which means the same wherever the app was started. */
export function readProgram(word: string, cwd: string): string {
  const isRelative = /[\\/]/.test(word) && !word.startsWith("~");
  return isRelative ? path.resolve(cwd, word) : word;
}

/** A place; what begins with `~` is left to whoever knows whose home that is. */
export function readFolder(word: string, cwd: string): string {
  if (word === "")
    throw new SwitchyardError(
      "bad-input",
      "A place has no name.",
      "Name it, or leave the option out.",
    );
  return word === "~" || /^~[\\/]/.test(word) ? word : path.resolve(cwd, word);
}

export function readSeconds(word: string): number {
  if (!/^\d{1,9}([.]\d+)?$/.test(word))
    throw new InvalidArgumentError("It is a number of seconds.");
  return Number(word);
}

/** In milliseconds, of what a mode may be accepted for. */
export function readAcceptedMs(word: string): number {
  const [, number, unit] = /^(\d{1,5})(m|h|d)$/.exec(word) ?? [];
  const ms =
    Number(number) * ({ m: 60_000, h: 3_600_000, d: 86_400_000 }[unit ?? ""] ?? Number.NaN);
  const read = AcceptedMs.safeParse(ms);
  if (read.success) return read.data;
  throw new InvalidArgumentError("It is a time from 1m to 7d, such as 30m, 8h or 2d.");
}

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;
const DAY_AND_CLOCK =
  /^\d{4}-\d\d-\d\d[T ]([01]\d|2[0-3]):[0-5]\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?$/;

/** A moment to come, as an instant: a clock time of today or else of tomorrow, or a day with a time, of this machine where no zone is said. */
export function readMoment(word: string, now: Date): string {
  if (word.trim() === "")
    throw new InvalidArgumentError(
      "A time is missing. Write a clock time such as 18:00, or a day and a time such as 2026-12-24T18:00.",
    );
  // A day that no month has would be taken for one of the next month.
  const isDay = DAY_AND_CLOCK.test(word) && z.iso.date().safeParse(word.slice(0, 10)).success;
  const moment = CLOCK.test(word) ? nextAt(word, now) : new Date(isDay ? word : "");
  if (Number.isNaN(moment.getTime()))
    throw new InvalidArgumentError(
      `${word} is no time. Write a clock time such as 18:00, or a day and a time such as 2026-12-24T18:00.`,
    );
  if (moment > now) return moment.toISOString();
  throw new InvalidArgumentError(`${word} is over. Name a time to come.`);
}

function nextAt(clock: string, now: Date): Date {
  const [hour = 0, minute = 0] = clock.split(":").map(Number);
  const at = (days: number) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour, minute);
  return at(0) > now ? at(0) : at(1);
}

/** For options that can be given more than once. */
export function readAnother(word: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, word];
}

/** On one line of a queue entry's diff, as FILE:LINE:TEXT; the first number between colons ends the file's name. */
export function readComment(
  word: string,
  earlier: readonly LineComment[] = [],
): readonly LineComment[] {
  const [, file, line, text] = /^(.+?):(\d{1,8}):(.*)$/s.exec(word) ?? [];
  const read = LineComment.safeParse({
    file,
    line: Number(line),
    side: "after",
    quote: null,
    text,
  });
  if (read.success) return [...earlier, read.data];
  throw new InvalidArgumentError(
    "It is written FILE:LINE:TEXT, such as src/app.ts:12:Say why; lines count from 1.",
  );
}

export function readVariable(
  word: string,
  earlier: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError("It is written NAME=VALUE.");
  }
  return { ...earlier, [name]: value };
}

/** A check is named by its command, cut where a name has to end. */
export function readCheck(command: string, earlier: readonly Check[] = []): readonly Check[] {
  if (command.trim() === "") throw new InvalidArgumentError("A check is a command.");
  return [...earlier, { name: command.slice(0, 80), run: command, timeoutMs: CHECK_TIMEOUT_MS }];
}

/** A project by its name or its path; a path is meant where one is written like one. */
export function readProjectRef(word: string, cwd: string): string {
  const isPath = word.includes("/") || word.includes("\\") || word === "." || word === "..";
  return isPath ? path.resolve(cwd, word) : word;
}

export const landPolicies: readonly LandPolicy[] = ["merge", "squash", "rebase"];
