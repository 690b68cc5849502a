import type { Repository } from "./repository.ts";
import { runGit } from "./run-git.ts";

/**
 * The repository behind a remote as GitHub's own program takes it, `HOST/OWNER/NAME`; null where its address is of no such form. Nothing
 * else of the address is kept: it may hold a sign-in.
 */
export async function nameRemote(
  repo: Repository,
  remote: string,
  signal: AbortSignal,
): Promise<string | null> {
  const options = { signal, okExitCodes: [0, 1, 2, 128] };
  // As it was written down, then as the person's `insteadOf` rewrites it: a short name of theirs, or a place nearer by.
  const written = await runGit(
    repo.commonDir,
    ["config", "--get", `remote.${remote}.url`],
    options,
  );
  const named = nameAddress(written.stdout.trim());
  if (named !== null) return named;
  const meant = await runGit(repo.commonDir, ["remote", "get-url", "--", remote], options);
  return nameAddress(meant.stdout.trim());
}

export function nameAddress(address: string): string | null {
  const [, host = "", path = ""] =
    /^(?:https?|ssh|git):\/\/(?:[^/@\s]+@)?([\w.-]+)(?::\d+)?\/(.+)$/i.exec(address) ??
    /^(?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+):(?!\/\/)(.+)$/.exec(address) ??
    [];
  const [, owner, name] = /^\/*([\w.-]+)\/([\w.-]+?)(?:\.git)?\/*$/.exec(path) ?? [];
  if (host === "" || !owner || !name) return null;
  // Where ssh is let through on another port GitHub has another name.
  const known = host.toLowerCase().replace(/^(ssh|www)\.github\.com$/, "github.com");
  return `${known}/${owner}/${name}`;
}
