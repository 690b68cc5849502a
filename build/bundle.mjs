// Vite for the window, rolldown for everything that runs in Node or Electron.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { cacheFolder, projectFolder } from "./project-folder.mjs";
import { stampSources } from "./source-stamp.mjs";

const outFolder = path.join(projectFolder, "dist");
const stampFile = path.join(outFolder, ".stamp");

/** Bundle name -> where it begins. */
const programs = {
  main: "electron/desktop/main.ts",
  preload: "electron/desktop/preload.ts",
  serve: "electron/web/main.ts",
  cli: "electron/cli/main.ts",
  host: "electron/terminal-host/main.ts",
  "signal-shim": "electron/core/provider/claude/signal-shim.ts",
  "gate-shim": "electron/core/provider/claude/gate/gate-shim.ts",
};
/** Not bundled: Electron is there at run time, and the other two load compiled files from beside their own. */
const external = ["electron", "better-sqlite3", "node-pty"];

/** Builds when a source has changed since the last time. */
export async function bundleWhenStale() {
  const isFresh = existsSync(stampFile) && readFileSync(stampFile, "utf8") === stampSources();
  if (!isFresh) await bundle();
}

/** The new `dist` is made aside and put in place whole: a build cut short leaves the old one. */
export async function bundle() {
  // Taken first: a source that changes during the build makes it stale.
  const stamp = stampSources();
  const startedAt = performance.now();
  const workFolder = path.join(cacheFolder, `build-${process.pid}`);
  rmSync(workFolder, { recursive: true, force: true });
  mkdirSync(workFolder, { recursive: true });
  try {
    await buildWindow(path.join(workFolder, "renderer"));
    await buildPrograms(path.join(workFolder, "electron"));
    writeFileSync(path.join(workFolder, ".stamp"), stamp);
    rmSync(outFolder, { recursive: true, force: true });
    renameSync(workFolder, outFolder);
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stderr.write(`Built in ${seconds} s.\n`);
}

/** @param {string} outDir */
async function buildWindow(outDir) {
  const [vite, { default: react }, { default: tailwind }] = await Promise.all([
    import("vite"),
    import("@vitejs/plugin-react"),
    import("@tailwindcss/vite"),
  ]);
  await vite.build({
    configFile: false,
    root: path.join(projectFolder, "renderer"),
    base: "./",
    // Its only warning is of the early theme script, which is meant to stay a file of its own.
    logLevel: "error",
    plugins: [react(), tailwind()],
    build: {
      outDir,
      emptyOutDir: true,
      target: "chrome140",
      // Data addresses and an inline preload script would need holes in the content-security policy.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 2000,
    },
  });
}

/** @param {string} outDir */
async function buildPrograms(outDir) {
  const { rolldown } = await import("rolldown");
  await Promise.all(
    Object.entries(programs).map(async ([name, input]) => {
      const bundle = await rolldown({
        input: path.join(projectFolder, input),
        cwd: projectFolder,
        platform: "node",
        external,
      });
      await bundle.write({
        file: path.join(outDir, `${name}.cjs`),
        format: "cjs",
        sourcemap: true,
        // One file each: an Electron preload can load nothing beside itself.
        codeSplitting: false,
      });
      await bundle.close();
    }),
  );
}
