import path from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";

/**
 * How the pages of this folder are made from the window's source: once into a folder, or anew with each change.
 *
 * @type {import("vite").InlineConfig}
 */
export const fixtureBuild = {
  configFile: false,
  root: import.meta.dirname,
  base: "./",
  publicDir: path.join(import.meta.dirname, "../../renderer/public"),
  plugins: [react(), tailwindcss()],
};
