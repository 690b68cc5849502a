import { GO, type WindowPlace } from "../../shared/contract/window-place.ts";
import { unreachable } from "../../shared/model/unreachable.ts";
import { askForHalt, wantResume } from "../features/fleet/fleet-view-store.ts";
import { signIn, wantProfile } from "../features/profiles/profiles-view-store.ts";
import { showOverlay, showView } from "./view-store.ts";

/** Goes where the desktop shell says that the person wants to go, until `signal` aborts. */
export function followShell(signal: AbortSignal): void {
  addEventListener(
    "message",
    ({ source, data }: MessageEvent) => {
      if (source !== window || data?.type !== GO) return;
      showOverlay(null);
      // Nobody but our own preload sends it.
      goTo(data.place as WindowPlace);
    },
    { signal },
  );
}

function goTo(place: WindowPlace): void {
  switch (place.kind) {
    case "window":
      break;
    case "inbox":
    case "profiles":
      showView(place.kind);
      break;
    case "profile":
      showView("profiles");
      wantProfile(place.name);
      break;
    case "sign-in":
      signIn(place.name);
      break;
    case "halt":
      askForHalt(true);
      break;
    case "resume":
      wantResume(true);
      break;
    default:
      unreachable(place);
  }
}
