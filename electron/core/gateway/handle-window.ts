import type { AppContract } from "../../../shared/contract/app-contract.ts";
import type { Handlers, Output } from "../../../shared/contract/rpc.ts";
import { Layouts } from "../../../shared/model/layouts.ts";
import { TerminalLook } from "../../../shared/model/terminal-look.ts";
import { badOf, keep, readKept } from "./kept-file.ts";

export interface WindowParts {
  readonly layoutsFile: string;
  readonly lookFile: string;
  readonly readKeys: () => Output<AppContract, "window.keys">;
}

type WindowCalls =
  | "window.layouts"
  | "window.keep-layouts"
  | "window.look"
  | "window.keep-look"
  | "window.keys";

export function handleWindow({
  layoutsFile,
  lookFile,
  readKeys,
}: WindowParts): Pick<Handlers<AppContract>, WindowCalls> {
  const readLayouts = () => readKept(layoutsFile, Layouts, "layouts");
  const readLook = () => readKept(lookFile, TerminalLook, "look of terminals");
  return {
    "window.layouts": () => {
      const reading = readLayouts();
      if (reading.kind === "good") return { layouts: reading.value, problem: null };
      return { layouts: null, problem: problemOf(layoutsFile, reading.why, "layout") };
    },
    "window.keep-layouts": ({ layouts }) => {
      keep(layoutsFile, readLayouts(), layouts);
      return {};
    },
    "window.look": () => {
      const reading = readLook();
      if (reading.kind === "good") return { look: reading.value, problem: null };
      return { look: null, problem: problemOf(lookFile, reading.why, "look of terminals") };
    },
    "window.keep-look": ({ look }) => {
      keep(lookFile, readLook(), look);
      return {};
    },
    "window.keys": readKeys,
  };
}

function problemOf(file: string, why: string, what: string): string {
  return `${file} ${why}, so the usual ${what} is shown. With the next change it is kept as ${badOf(file)}.`;
}
