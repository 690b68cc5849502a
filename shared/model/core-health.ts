import { z } from "zod";
import { Instant } from "./ids.ts";

/** Since when the terminal host has answered nothing, and its process where that is known. */
export const HostSilence = z.object({
  since: Instant,
  pid: z.number().int().positive().nullable(),
});
export type HostSilence = z.infer<typeof HostSilence>;

/** How the core itself is. None of it is kept: each core finds out anew. */
export const CoreHealth = z.object({
  /** From its start until it knows what still runs. Until then every state is what was last known. */
  isRecovering: z.boolean(),
  /** Null while the terminal host answers. */
  hostSilence: HostSilence.nullable(),
});
export type CoreHealth = z.infer<typeof CoreHealth>;

/** What is wrong with a host that does not answer, and what a person can do: the app itself never ends one that may own sessions. */
export function describeSilence({ since, pid }: HostSilence): {
  readonly text: string;
  readonly wayOut: string;
} {
  const process = pid === null ? "" : ` (process ${pid})`;
  const end = pid === null ? "end its process" : `end it: kill -9 ${pid}`;
  return {
    text: `The terminal host${process} has not answered since ${since}, so nothing is started and panes stand still.`,
    wayOut: `Its sessions may well go on, and it is taken up again by itself as soon as it answers. If it never does, ${end}; its sessions end with it, and their tasks continue their conversations.`,
  };
}
