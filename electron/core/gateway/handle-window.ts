import { existsSync, readFileSync, renameSync } from "node:fs";
import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers, Output } from "../../../shared/contract/rpc.ts";
import { Layouts } from "../../../shared/model/layouts.ts";
import { writeFileDurably } from "../base/write-file-durably.ts";

export interface WindowParts {
  readonly layoutsFile: string;
  readonly readKeys: () => Output<AppContract, "window.keys">;
}

type WindowCalls = "window.layouts" | "window.keep-layouts" | "window.keys";

export function handleWindow({
  layoutsFile,
  readKeys,
}: WindowParts): Pick<Handlers<AppContract>, WindowCalls> {
  return {
    "window.layouts": () => {
      const reading = readLayouts(layoutsFile);
      if (reading.kind === "good") return { layouts: reading.layouts, problem: null };
      return {
        layouts: null,
        problem: `${layoutsFile} ${reading.why}, so the usual layout is shown. With the next change it is kept as ${badOf(layoutsFile)}.`,
      };
    },
    "window.keep-layouts": ({ layouts }) => {
      // What somebody wrote there by hand is not lost for a slip in it.
      if (readLayouts(layoutsFile).kind === "bad") renameSync(layoutsFile, badOf(layoutsFile));
      writeFileDurably(layoutsFile, `${JSON.stringify(layouts, null, 2)}\n`);
      return {};
    },
    "window.keys": readKeys,
  };
}

type Reading =
  | { readonly kind: "good"; readonly layouts: Layouts | null }
  | { readonly kind: "bad"; readonly why: string };

function readLayouts(file: string): Reading {
  if (!existsSync(file)) return { kind: "good", layouts: null };
  try {
    const parsed = Layouts.safeParse(JSON.parse(readFileSync(file, "utf8")));
    if (parsed.success) return { kind: "good", layouts: parsed.data };
    const [issue] = parsed.error.issues;
    const place = issue?.path.join(".") || "its top";
    return { kind: "bad", why: `holds no layouts (at ${place}: ${issue?.message})` };
  } catch (error) {
    if (error instanceof SyntaxError) return { kind: "bad", why: "is no JSON" };
    const { code } = error as NodeJS.ErrnoException;
    return { kind: "bad", why: `cannot be read (${code ?? String(error)})` };
  }
}

function badOf(file: string): string {
  return `${file}.bad`;
}
