import { type Command, Option } from "commander";
import { SwitchyardError } from "../../../shared/model/switchyard-error.ts";
import type { SearchAnswer, SearchHit, Transcript } from "../../../shared/model/transcript.ts";
import type { CommandContext, RunCommand } from "../command-runner.ts";
import { exportCast } from "../export-session.ts";
import { printLog } from "../print-log.ts";
import { readFilePlace, readLine, readLineCount } from "../read-words.ts";
import { answer, done, verdict } from "../report.ts";
import { writePlainly } from "../write-table.ts";

const USUAL_LINES = 200;

/** `search`: text in every terminal and conversation. */
export function addSearchCommand(program: Command, run: RunCommand): void {
  program
    .command("search")
    .argument("<text>", "as it is written, whatever its case")
    .option("--session <session>", "only in this one")
    .description(
      "find text in every terminal and conversation, the newest first; 1 where there is none",
    )
    .action((text: string, own: { session?: string }) =>
      run("store", async (context) => {
        const { session } = own;
        const where = session === undefined ? await context.inProject() : { session };
        const found = await context.ask("search.find", { text, ...where });
        return verdict(found, await describeFound(context, found), found.found.length > 0);
      }),
    );
}

/** `session transcript` and `session answer`. */
export function addTranscriptCommands(session: Command, run: RunCommand): void {
  session
    .command("transcript")
    .argument("<session>")
    .option("--from <line>", "from this line of the record on, as a search tells it", readLine)
    .option("--lines <number>", "so many lines of the record at most", readLineCount, USUAL_LINES)
    .description("what was said in its conversation; the last of it, where no line is given")
    .action((id: string, { from, lines }: { from?: number; lines: number }) =>
      run("store", async ({ ask }) => {
        const part = from === undefined ? {} : { from };
        const said = await ask("session.transcript", { session: id, lines, ...part });
        return answer(said, describeTranscript(said));
      }),
    );

  session
    .command("answer")
    .argument("<session>")
    .description("the last thing that its worker itself has written")
    .action((id: string) =>
      run("store", async ({ ask }) => {
        const said = await ask("session.answer", { session: id });
        return answer(said, writePlainly(said.text));
      }),
    );
}

/** `session export`: a session's terminal as a file. */
export function addExportCommand(session: Command, run: RunCommand): void {
  session
    .command("export")
    .argument("<session>")
    .addOption(
      new Option("--as <kind>", "a recording that asciinema plays, or plain text")
        .choices(["asciicast", "text"])
        .default("asciicast"),
    )
    .description("print what its terminal has shown, for a file: export s-4 > s-4.cast")
    .action((id: string, own: { as: "asciicast" | "text" }) =>
      run("store", (context) => {
        if (context.isJson)
          throw new SwitchyardError(
            "usage",
            "What is exported has a form of its own, and --json would be another.",
            `Leave out --json, or read it with: switchyard session log ${id} --json`,
          );
        return own.as === "text" ? printLog(context, id, {}) : exportCast(context, id);
      }),
    );
}

/** `session open`: a file that a session's terminal names. */
export function addOpenCommand(session: Command, run: RunCommand): void {
  session
    .command("open")
    .argument("<session>")
    .argument("<file>", "as its terminal shows it: FILE, FILE:LINE or FILE:LINE:COLUMN")
    .option("--outside", "also where it lies outside of the session's worktree")
    .description("open a file where it works in your editor")
    .action((id: string, word: string, own: { outside?: boolean }) =>
      run("store", async ({ ask }) => {
        const isSure = own.outside === true;
        const place = { session: id, ...readFilePlace(word), isSure };
        const opened = await ask("session.open-file", place);
        return done(opened, `${writePlainly(opened.place)} is open in ${opened.editor}.`);
      }),
    );
}

async function describeFound({ ask }: CommandContext, answer: SearchAnswer): Promise<string> {
  const { found, searched, isCut } = answer;
  const looked = `${searched} ${searched === 1 ? "session" : "sessions"}`;
  if (found.length === 0) return `It is nowhere in ${looked}.`;
  const names = new Map((await ask("session.list", {})).map(({ id, name }) => [id, name]));
  const parts = found.flatMap(({ session, hits, more }) => [
    `${session} ${writePlainly(names.get(session) ?? "")}`,
    ...hits.map((hit) => `  ${placeOf(hit)}  ${hit.text}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    "",
  ]);
  const left = isCut ? "; older ones were left out, search for more of it" : "";
  return [...parts, `Looked through ${looked}${left}.`].join("\n");
}

function placeOf({ where, who, line }: SearchHit): string {
  return `${where === "terminal" ? "terminal" : (who ?? "said")}:${line}`.padEnd(14);
}

function describeTranscript({ session, entries, end }: Transcript): string {
  if (entries.length === 0) {
    return end === 0
      ? `Nothing was said in ${session}, or its record is gone.`
      : `Nothing was said in these lines; the record has ${end}.`;
  }
  return entries
    .map(({ line, at, who, text, isCut }) => {
      const head = `── ${who} · line ${line}${at === null ? "" : ` · ${at}`}`;
      return `${head}\n${writePlainly(text)}${isCut ? "\n…" : ""}`;
    })
    .join("\n\n");
}
