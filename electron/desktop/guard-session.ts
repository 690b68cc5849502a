import { session } from "electron";
import { isAppPage } from "./app-scheme.ts";

/** What a page of ours may use without asking: tell the person something, and put text they chose on the clipboard. */
const granted: ReadonlySet<string> = new Set(["notifications", "clipboard-sanitized-write"]);

/** Refuses every other permission, both when it is asked for and when it is only looked up. */
export function guardSession(): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((contents, permission, answer) =>
    answer(granted.has(permission) && isAppPage(contents.getURL())),
  );
  defaultSession.setPermissionCheckHandler(
    (contents, permission) =>
      granted.has(permission) && contents !== null && isAppPage(contents.getURL()),
  );
  defaultSession.setDevicePermissionHandler(() => false);
}
