import type { TaskId } from "../../../shared/model/ids.ts";

const SLUG_MAX_CHARS = 40;

/** A title as a part of branch and folder names: lower-case ASCII letters, digits and single dashes, never empty. */
export function taskSlug(title: string): string {
  const slug = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, SLUG_MAX_CHARS)
    .replace(/^-+|-+$/g, "");
  return slug === "" ? "task" : slug;
}

export function taskBranch(id: TaskId, title: string): string {
  return `switchyard/${id}-${taskSlug(title)}`;
}
