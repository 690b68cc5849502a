/** @type {import("electron-builder").Configuration} */
export default {
  appId: "io.github.switchyard",
  productName: "Switchyard",
  executableName: "switchyard",
  directories: { output: "release", buildResources: "build/resources" },
  // The bundles and the two native modules travel; every other dependency is inside the bundles.
  files: [
    "dist/**",
    "!**/*.map",
    "!node_modules/**",
    "package.json",
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: electron-builder fills these in.
    "node_modules/better-sqlite3/{package.json,lib/**,prebuilds/${platform}-${arch}.node}",
    "node_modules/node-pty/{package.json,lib/**,prebuilds/${platform}-${arch}/**,build/Release/*.node,build/Release/spawn-helper}",
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above.
    "!**/*.test.js",
  ],
  asar: true,
  // Native modules, spawn-helper and conpty must be real files.
  asarUnpack: ["**/*.node", "node_modules/node-pty/**"],
  // Both native modules are Node-API: one binary serves Node and Electron.
  npmRebuild: false,
  electronFuses: {
    // The terminal host is a detached process on Electron's own binary as Node; without this fuse it could not start.
    runAsNode: true,
    enableNodeOptionsEnvironmentVariable: false,
    // A packaged smoke test through Playwright needs a build with this one on.
    enableNodeCliInspectArguments: false,
    enableCookieEncryption: true,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    grantFileProtocolExtraPrivileges: false,
    resetAdHocDarwinSignature: true,
  },
  linux: {
    target: ["AppImage", "deb"],
    category: "Development",
    maintainer: "The Switchyard authors",
  },
  mac: {
    target: ["dmg", "zip"],
    category: "public.app-category.developer-tools",
    hardenedRuntime: true,
    notarize: false,
  },
  win: { target: ["nsis"] },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  publish: null,
};
