import { z } from "zod";
import { KeyConflict } from "../../model/key-conflict.ts";
import { Layouts } from "../../model/layouts.ts";
import { TerminalLook } from "../../model/terminal-look.ts";
import type { Contract } from "../rpc.ts";
import { None } from "./shapes.ts";

/** What windows keep in the data folder, because a browser's own store goes with the port. */
export const windowCalls = {
  /** Null: none were kept, or they cannot be read, which `problem` says. */
  "window.layouts": {
    in: None,
    out: z.object({ layouts: Layouts.nullable(), problem: z.string().nullable() }),
  },
  "window.keep-layouts": { in: z.strictObject({ layouts: Layouts }), out: None },
  "window.look": {
    in: None,
    out: z.object({ look: TerminalLook.nullable(), problem: z.string().nullable() }),
  },
  "window.keep-look": { in: z.strictObject({ look: TerminalLook }), out: None },
  "window.keys": {
    in: None,
    out: z.object({
      /** Absolute path of `keys.yaml`, whether it is there or not. */
      file: z.string(),
      /** By action; null: none. */
      keys: z.record(z.string(), z.string().nullable()),
      conflicts: z.array(KeyConflict),
      /** What is wrong with the file; its last good keys are in force. */
      problem: z.string().nullable(),
    }),
  },
} as const satisfies Contract["calls"];
