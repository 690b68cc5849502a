import { z } from "zod";
import { Oid } from "../../../../shared/model/ids.ts";
import { cleanWords, type PushFailure, pushFailed } from "../../git/remote-branch.ts";
import type { GhEnd } from "../../process/run-gh.ts";
import type { ListedPull } from "./plan-proposal.ts";

export const LISTED_FIELDS = "number,state,url,headRefOid,isCrossRepository";
const Listed = z.array(
  z.object({
    number: z.number().int().positive(),
    state: z.enum(["OPEN", "MERGED", "CLOSED"]),
    url: z.string(),
    headRefOid: z.string(),
    isCrossRepository: z.boolean(),
  }),
);

export const VIEWED_FIELDS = "state,headRefOid,mergeCommit,mergeable";
const Viewed = z.object({
  state: z.enum(["OPEN", "MERGED", "CLOSED"]),
  /** The commit at its head: what is pushed after it was merged does not change that. */
  headRefOid: Oid,
  mergeCommit: z.object({ oid: z.string().regex(/^[0-9a-f]{40,64}$/) }).nullable(),
  /** `UNKNOWN` while GitHub has not found out. */
  mergeable: z.enum(["MERGEABLE", "CONFLICTING", "UNKNOWN"]).catch("UNKNOWN"),
});
export type ViewedPull = z.infer<typeof Viewed>;

export function readListed(stdout: string): readonly ListedPull[] | null {
  const listed = Listed.safeParse(readJson(stdout));
  if (!listed.success) return null;
  return listed.data.map(({ headRefOid: head, isCrossRepository: isForeign, ...pull }) => ({
    ...pull,
    head,
    isForeign,
  }));
}

export function readViewed(stdout: string): ViewedPull | null {
  const viewed = Viewed.safeParse(readJson(stdout));
  return viewed.success ? viewed.data : null;
}

/** The address that is the last thing it says, also where it says that there is one already. */
export function readPullAddress(said: string): { number: number; url: string } | null {
  const [, url = "", number = ""] = /(https?:\/\/\S+\/pull\/(\d+))\s*$/.exec(said.trimEnd()) ?? [];
  return url === "" ? null : { url, number: Number(number) };
}

const NOT_SIGNED_IN =
  /gh auth login|not logged in|authentication (required|failed)|bad credentials|http 401/i;
const TOO_OFTEN = /rate limit|http 429|abuse detection/i;
const AWAY =
  /error connecting|could not resolve host|no such host|dial tcp|connection (refused|reset)|i\/o timeout|timed? ?out|network is unreachable|tls handshake|unexpected eof|http 5\d\d/i;
const UNKNOWN_PLACE = /could not resolve to a repository|http 404|none of the git remotes/i;
/** Of the program itself, for "sign in first". */
const AUTH_EXIT = 4;

/** Why it did not do what it was asked, in a sentence with the way out. `names`: of branches, which it repeats. */
export function explainGh(
  end: GhEnd,
  { remote, repository }: { readonly remote: string; readonly repository: string },
  names: readonly string[],
): PushFailure {
  if (end.kind === "missing")
    return pushFailed(
      "set-up",
      "Pull requests are opened by GitHub's own program gh, which is not on the PATH of Switchyard.",
      "Install it from https://cli.github.com, sign in with gh auth login, then: switchyard queue push",
    );
  const { exitCode, stderr } = end;
  const [host = ""] = repository.split("/");
  const words = saidBy(stderr);
  const told = withoutNames(stderr, [...names, repository.slice(host.length + 1)]);
  if (exitCode === AUTH_EXIT || NOT_SIGNED_IN.test(told))
    return pushFailed(
      "sign-in",
      `gh is not signed in to ${host}: ${words}`,
      `In a terminal: gh auth login --hostname ${host}. Switchyard reads and keeps no token, and passes none on from its environment. Then: switchyard queue push`,
    );
  if (TOO_OFTEN.test(told))
    return pushFailed("away", `${host} was asked too often for now: ${words}`, AGAIN);
  if (exitCode === null || AWAY.test(told))
    return pushFailed("away", `${host} cannot be reached: ${words}`, AGAIN);
  if (UNKNOWN_PLACE.test(told))
    return pushFailed(
      "set-up",
      `gh finds no repository ${repository}, which is where ${remote} points: ${words}`,
      `See who is signed in with gh auth status, and where it points with git remote -v. Then: switchyard queue push`,
    );
  return pushFailed(
    "refused",
    `${host} does not take the pull request: ${words}`,
    "Mend that there, then: switchyard queue push. Or return the entry.",
  );
}

/** An answer that is not of the form that gh documents. */
export function strangeAnswer(stdout: string): PushFailure {
  return pushFailed(
    "set-up",
    `gh answered what cannot be read: ${cleanWords(stdout.slice(0, 120)) || "nothing"}`,
    "Update it (2.20 or newer), then: switchyard queue push",
  );
}

const AGAIN = "It is tried again by itself.";

/** A branch may be named after the very trouble that it is not. */
function withoutNames(said: string, names: readonly string[]): string {
  const parts = said.split(/([\s"'`:,()]+)/);
  return parts.filter((part) => !names.includes(part.replace(/\.+$/, ""))).join("");
}

function saidBy(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !/^warning:/i.test(line));
  return cleanWords(lines.slice(0, 2).join(" ")) || "it did not say why";
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
