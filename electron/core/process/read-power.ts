import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { runProcess } from "./run-process.ts";

/** `saving`: on mains, and told to save power all the same. */
export type Power = "mains" | "battery" | "saving";

/** It answers in some ten milliseconds. */
const PMSET_TIMEOUT_MS = 5_000;

/** What the machine runs on. What a system does not tell, or not in time, is mains; only an abort rejects. */
export async function readPower(signal: AbortSignal): Promise<Power> {
  switch (process.platform) {
    case "linux":
      return readLinuxPower("/sys");
    case "darwin":
      return readPmset(await pmset(["-g", "batt"], signal), await pmset(["-g"], signal));
    default:
      return "mains";
  }
}

/** `root`: where the kernel shows its devices. */
export function readLinuxPower(root: string): Power {
  const folder = path.join(root, "class/power_supply");
  // A mouse or a headset has a battery too, and says that it powers nothing else.
  const supplies = list(folder).filter((name) => read(folder, name, "scope") !== "Device");
  const is = (name: string, types: readonly string[]) => types.includes(read(folder, name, "type"));
  const stores = supplies.filter((name) => is(name, ["Battery", "UPS"]));
  const isPlugged = supplies.some(
    (name) => is(name, ["Mains", "USB", "Wireless"]) && Number(read(folder, name, "online")) > 0,
  );
  // With a charger that is too weak it is discharged and plugged.
  if (!isPlugged && stores.some((name) => read(folder, name, "status") === "Discharging"))
    return "battery";
  return read(root, "firmware/acpi/platform_profile") === "low-power" ? "saving" : "mains";
}

/** Of the words of `pmset -g batt` and `pmset -g`. */
export function readPmset(batteries: string, settings: string): Power {
  if (/drawing from '(?:Battery|UPS) Power'/.test(batteries)) return "battery";
  return /^\s*(?:low)?powermode\s+1\s*$/m.test(settings) ? "saving" : "mains";
}

async function pmset(args: readonly string[], signal: AbortSignal): Promise<string> {
  try {
    const place = { cwd: "/", env: {}, timeoutMs: PMSET_TIMEOUT_MS, signal };
    return (await runProcess("/usr/bin/pmset", args, place)).stdout;
  } catch {
    signal.throwIfAborted();
    // Not on this machine, or silent: nobody is kept from anything by that.
    return "";
  }
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // A machine without such devices, or a container that is shown none.
    return [];
  }
}

function read(...parts: readonly string[]): string {
  try {
    return readFileSync(path.join(...parts), "utf8").trim();
  } catch {
    // Not every device has every file, and one can be pulled out meanwhile.
    return "";
  }
}
