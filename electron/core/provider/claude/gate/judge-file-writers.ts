import { firstHit, type GateContext, type GateHit } from "./gate-rules.ts";
import { judgeRemoval, judgeWrite } from "./judge-path.ts";
import type { SeenCommand } from "./read-commands.ts";

/** Programs whose options or words name a file or folder that they write. */
export function judgeFileWriter(
  program: string,
  args: readonly string[],
  { cwd }: Pick<SeenCommand, "cwd">,
  context: GateContext,
): GateHit | null {
  const plain = args.filter((arg) => !arg.startsWith("-"));
  const write = (target: string) => judgeWrite(target, cwd, context);
  const within = (folder: string) => write(`${folder.replace(/\/$/, "")}/file`);
  switch (program) {
    case "curl":
      return firstHit(valuesOf(args, /^(?:-[a-zA-Z]*o|--output)(?:=(.*))?$/), write);
    case "wget":
      return firstHit(valuesOf(args, /^(?:-[a-zA-Z]*O|--output-document)(?:=(.*))?$/), write);
    case "sed":
      return args.some((arg) => /^(-[a-zA-Z]*i|--in-place)/.test(arg))
        ? firstHit(plain.slice(args.includes("-e") ? 0 : 1), write)
        : null;
    case "patch":
      return (
        firstHit(valuesOf(args, /^(?:-d|--directory)(?:=(.*))?$/), within) ??
        firstHit(plain.slice(0, 1), write)
      );
    case "unzip":
      return firstHit(valuesOf(args, /^-d$/), within);
    case "tar":
    case "bsdtar": {
      const folders = valuesOf(args, /^(?:-C|--directory)(?:=(.*))?$/);
      const isTaking = args.some(
        (arg, at) =>
          (at === 0 ? /^-?[a-zA-Z]*x/ : /^-[a-zA-Z]*x/).test(arg) || /^--(extract|get)$/.test(arg),
      );
      if (isTaking) return firstHit(folders, within);
      return args.includes("--remove-files")
        ? firstHit(plain, (target) => judgeRemoval(target, cwd, context))
        : null;
    }
    default:
      return null;
  }
}

/** What stands behind an option, as its own word or attached to it. */
function valuesOf(args: readonly string[], option: RegExp): readonly string[] {
  return args.flatMap((arg, at) => {
    const match = option.exec(arg);
    return match ? [match[1] ?? args[at + 1] ?? ""] : [];
  });
}
