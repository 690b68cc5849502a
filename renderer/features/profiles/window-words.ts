import type { UsageWindow, WindowName } from "../../../shared/model/usage-window.ts";
import { type WindowWords, wordWindow } from "../../../shared/model/word-window.ts";
import { useTicking } from "../../ui/age.tsx";

const FIELDS = ["value", "reset", "rate", "end", "source"] as const;

/** A window in words, counting on; draws again only when one of them changes. */
export function useWindowWords(usage: UsageWindow | null, name: WindowName): WindowWords {
  const text = useTicking((now) => {
    const words = wordWindow(usage, name, now);
    return [words.percent ?? "", ...FIELDS.map((field) => words[field])].join("\n");
  });
  const [percent = "", value = "", reset = "", rate = "", end = "", source = ""] = text.split("\n");
  return { percent: percent === "" ? null : Number(percent), value, reset, rate, end, source };
}
