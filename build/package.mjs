// `npm run package [-- --layout]`: installers, on a machine that has Electron's binary or can get it.
// --layout packages around the tests' stand-in instead, which checks everything but the executable. Never ship that.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ensureReady } from "./ensure-ready.mjs";
import { projectFolder } from "./project-folder.mjs";

await ensureReady();
process.chdir(projectFolder);
const { build } = await import("electron-builder");
const { default: config } = await import("./electron-builder.mjs");
const { findElectron, readElectronVersion } = await import("./electron-binary.mjs");

if (process.argv.includes("--layout")) await packageLayout();
else await packageInstallers();

async function packageInstallers() {
  const electron = findElectron({ mayDownload: true });
  if (electron.kind === "missing") {
    process.stderr.write(
      `Cannot make an installer here. ${electron.why}\n` +
        "An installer contains Electron's own executable, so run this on a machine that can download it.\n" +
        "Here, `npm run package -- --layout` checks everything else of the package.\n",
    );
    process.exit(1);
  }
  await build({ config });
}

async function packageLayout() {
  const standIn = mkdtempSync(path.join(os.tmpdir(), "switchyard-layout-"));
  try {
    for (const folder of ["resources", "locales"]) mkdirSync(path.join(standIn, folder));
    for (const file of ["LICENSE", "LICENSES.chromium.html"])
      writeFileSync(path.join(standIn, file), "");
    writeFileSync(path.join(standIn, "version"), readElectronVersion());
    cpSync("e2e/electron-double/electron", path.join(standIn, "electron"));
    const { electronFuses: _, ...rest } = config;
    const directories = { ...config.directories, output: "release/layout" };
    await build({ linux: ["dir"], config: { ...rest, electronDist: standIn, directories } });
  } finally {
    rmSync(standIn, { recursive: true, force: true });
  }
}
