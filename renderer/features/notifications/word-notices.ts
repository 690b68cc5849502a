import type { Notice, NoticeKind } from "./notice-machine.ts";

const counted: Readonly<Record<NoticeKind, readonly [one: string, many: string]>> = {
  "needs-you": ["needs you", "need you"],
  finished: ["landed", "landed"],
  failed: ["is stuck", "are stuck"],
  limit: ["profile cannot work", "profiles cannot work"],
  returned: ["was returned", "were returned"],
};

const NAMED_MAX = 3;

/** The title and the text of one notification about all of them. */
export function wordNotices(notices: readonly Notice[]): {
  readonly title: string;
  readonly text: string;
} {
  const [only] = notices;
  if (only && notices.length === 1) return { title: only.title, text: only.text };
  const counts = new Map<NoticeKind, number>();
  for (const { kind } of notices) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const title = [...counts].map(
    ([kind, count]) => `${count} ${counted[kind][count === 1 ? 0 : 1]}`,
  );
  const names = [...new Set(notices.map((notice) => notice.title))];
  const more = names.length > NAMED_MAX ? `\nand ${names.length - NAMED_MAX} more` : "";
  return { title: title.join(", "), text: `${names.slice(0, NAMED_MAX).join("\n")}${more}` };
}
