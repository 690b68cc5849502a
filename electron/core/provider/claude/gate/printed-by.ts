import path from "node:path";
import { DOWNLOADED, ENCODED, UNSEEN } from "./expand-word.ts";
import type { SeenCommand } from "./read-commands.ts";

/** The text that a command, and those that feed it, would print. */
export function printedBy(command: SeenCommand): string {
  const [program = "", ...args] = command.words;
  const plain = args.filter((arg) => !arg.startsWith("-"));
  switch (path.basename(program)) {
    case "echo":
      return args.filter((arg) => !/^-[neE]+$/.test(arg)).join(" ");
    case "printf":
      return plain.length > 1 ? plain.join(" ").replace(/^\S*%\S*\s?/, "") : (plain[0] ?? "");
    case "pwd":
      return command.cwd;
    case "mktemp":
      return path.join(command.scope.env.TMPDIR || "/tmp", "tmp.made");
    case "git":
      return args.includes("--show-toplevel") ? command.scope.worktree : UNSEEN;
    case "curl":
    case "wget":
    case "http":
    case "fetch":
      return DOWNLOADED;
    case "base64":
    case "base32":
      return args.some((arg) => /^(-[a-zA-Z]*[dD][a-zA-Z]*|--decode)$/.test(arg))
        ? ENCODED
        : UNSEEN;
    case "xxd":
      return args.some((arg) => /^-\w*r/.test(arg)) ? ENCODED : UNSEEN;
    case "openssl":
    case "rev":
    case "tr":
    case "gunzip":
    case "zcat":
    case "uudecode":
    case "gpg":
      return ENCODED;
    case "cat":
    case "tee":
    case "sort":
    case "head":
    case "tail":
      if (command.input !== null) return command.input;
      return command.from && plain.length === 0 ? printedBy(command.from) : UNSEEN;
    default:
      return command.from && printedBy(command.from) === DOWNLOADED ? DOWNLOADED : UNSEEN;
  }
}
