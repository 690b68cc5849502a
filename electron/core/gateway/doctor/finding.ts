import type { Finding } from "../../../../shared/model/finding.ts";

export function good(name: string, detail: string): Finding {
  return { name, result: "good", detail, fix: null };
}

export function warning(name: string, detail: string, fix: string): Finding {
  return { name, result: "warning", detail, fix };
}

export function bad(name: string, detail: string, fix: string): Finding {
  return { name, result: "bad", detail, fix };
}
