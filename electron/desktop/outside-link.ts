const allowed: ReadonlySet<string> = new Set(["https:", "http:", "mailto:"]);

/**
 * The address to hand to the system's own programs, or null when it must not be: `file:`, `smb:`, `javascript:` and the schemes
 * of installed programs can start things.
 */
export function parseOutsideLink(address: string): string | null {
  const url = URL.parse(address);
  if (!url || !allowed.has(url.protocol)) return null;
  if (url.protocol !== "mailto:" && (url.hostname === "" || url.username !== "")) return null;
  return url.href;
}
