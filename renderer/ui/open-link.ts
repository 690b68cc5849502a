/** Opens http and https addresses in the browser, and nothing else. Says whether it did. */
export function openLink(address: string): boolean {
  if (!/^https?:\/\//i.test(address)) return false;
  window.open(address, "_blank", "noopener,noreferrer");
  return true;
}
