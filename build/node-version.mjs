// Runs before anything is installed: nothing but Node's own modules, and syntax that Node 18 still reads.

/** npm and the installation work from here on. */
const OLDEST_FOR_INSTALL = /** @type {const} */ ([20, 19]);
/** TypeScript can be run as it is from here on; with an older Node the scripts go on with the Node that npm brings. */
const OLDEST_FOR_SCRIPTS = /** @type {const} */ ([22, 18]);

/** @param {string} version */
export function canInstall(version) {
  return isAtLeast(version, OLDEST_FOR_INSTALL);
}

/** @param {string} version */
export function canRunScripts(version) {
  return isAtLeast(version, OLDEST_FOR_SCRIPTS);
}

/**
 * @param {string} version such as `20.19.1`
 * @param {readonly [number, number]} oldest
 */
function isAtLeast(version, [oldestMajor, oldestMinor]) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}
