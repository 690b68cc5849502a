/** `ask`: the person sees where it really leads first. */
export type LinkVerdict =
  | { readonly kind: "open"; readonly address: string }
  | { readonly kind: "ask"; readonly address: string; readonly host: string; readonly why: string }
  | { readonly kind: "file"; readonly address: string }
  | { readonly kind: "refuse" };

/** What is to be done with a link that leads to `target` and reads `shown` on the screen. Only the web and files are opened. */
export function judgeLink(target: string, shown: string): LinkVerdict {
  const url = URL.parse(target);
  if (url?.protocol === "file:") return { kind: "file", address: target };
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) return { kind: "refuse" };
  const ask = (why: string): LinkVerdict => ({
    kind: "ask",
    address: url.href,
    host: url.host,
    why,
  });
  if (url.username !== "" || url.password !== "")
    return ask("a name stands before its host, which can look like another host");
  if (url.hostname.split(".").some((part) => part.startsWith("xn--")))
    return ask("its host is written with letters that can look like others");
  if (bare(shown) !== bare(target) && bare(shown) !== bare(url.href))
    return ask(`it reads ${JSON.stringify(shown.trim().slice(0, 60))}`);
  return { kind: "open", address: url.href };
}

/** Without what nobody writes out. */
function bare(address: string): string {
  return address
    .trim()
    .replace(/^https?:\/\//i, "")
    .replace(/\/$/, "");
}
