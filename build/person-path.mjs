import path from "node:path";

/**
 * Takes out of this process's PATH what `npm run` put in front of it: workers and checks that the app starts are to find the
 * person's own programs, not the ones this checkout is built with.
 */
export function restorePersonPath() {
  const name = Object.keys(process.env).find((each) => each.toLowerCase() === "path") ?? "PATH";
  process.env[name] = withoutNpmFolders(
    process.env[name] ?? "",
    process.env.npm_lifecycle_event !== undefined,
  );
}

/**
 * @param {string} searched a PATH
 * @param {boolean} isUnderNpm whether npm started this process
 */
export function withoutNpmFolders(searched, isUnderNpm) {
  if (!isUnderNpm) return searched;
  const folders = searched.split(path.delimiter);
  return folders.filter((folder) => !isNpmFolder(folder)).join(path.delimiter);
}

/** npm adds `node_modules/.bin` of the package and of every folder above it, and its own node-gyp. @param {string} folder */
function isNpmFolder(folder) {
  return /[\\/]node_modules[\\/]\.bin$/.test(folder) || /[\\/]node-gyp-bin$/.test(folder);
}
