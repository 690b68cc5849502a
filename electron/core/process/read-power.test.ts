import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type Power, readLinuxPower, readPmset, readPower } from "./read-power.ts";

type Supply = Readonly<Partial<Record<"type" | "online" | "status" | "scope", string>>>;

/** `profile`: of the platform. */
function check(supplies: Readonly<Record<string, Supply>>, power: Power, profile?: string) {
  const root = mkdtempSync(join(tmpdir(), "switchyard-power-"));
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), `${text}\n`);
  };
  try {
    for (const [name, files] of Object.entries(supplies))
      for (const [file, text] of Object.entries(files))
        write(`class/power_supply/${name}/${file}`, text);
    if (profile !== undefined) write("firmware/acpi/platform_profile", profile);
    expect(readLinuxPower(root)).toBe(power);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const full = { type: "Battery", status: "Full" };
const used = { type: "Battery", status: "Discharging" };
const plugged = { type: "Mains", online: "1" };
const unplugged = { type: "Mains", online: "0" };

test("a Linux machine is on battery while one of its own is discharged and nothing is plugged in", () => {
  check({}, "mains");
  check({ AC: plugged, BAT0: full }, "mains");
  check({ AC: unplugged, BAT0: used }, "battery");
  check({ AC: unplugged, BAT0: { type: "Battery", status: "Unknown" }, BAT1: used }, "battery");
  check({ ucsi: { type: "USB", online: "1" }, AC: unplugged, BAT0: used }, "mains");
  check({ ups: { type: "UPS", status: "Discharging" } }, "battery");
  check({ mouse: { ...used, scope: "Device" } }, "mains");
  check({ broken: {} }, "mains");
});

test("a machine that is told to save power says so", () => {
  check({ AC: plugged }, "saving", "low-power");
  check({ AC: plugged }, "mains", "balanced");
  check({ AC: unplugged, BAT0: used }, "battery", "low-power");
});

test("on macOS the words of pmset are read, and no words mean mains", () => {
  const battery = "Now drawing from 'Battery Power'\n -InternalBattery-0 (id=1)\t97%; discharging;";
  const mains = "Now drawing from 'AC Power'\n -InternalBattery-0 (id=1)\t97%; charging;";
  const settings = (mode: number) =>
    `Currently in use:\n standby  1\n lowpowermode         ${mode}\n`;
  expect(readPmset(battery, settings(0))).toBe("battery");
  expect(readPmset(mains, settings(0))).toBe("mains");
  expect(readPmset(mains, settings(1))).toBe("saving");
  expect(readPmset(mains, " powermode 1\n")).toBe("saving");
  expect(readPmset(mains, " powermode 2\n")).toBe("mains");
  expect(readPmset("", "")).toBe("mains");
});

test("this machine runs on something", async () => {
  expect(["mains", "battery", "saving"]).toContain(await readPower(new AbortController().signal));
});
