// `app://bundle/x` is shown to Chromium as `http://bundle.app.localhost/x`, which it takes for a secure context, and mapped back.
const { world } = require("./world.cjs");

/** @param {string} address as the app knows it */
function pageAddress(address) {
  const { protocol, host, pathname, search, hash } = new URL(address);
  const scheme = protocol.slice(0, -1);
  if (!world.schemes.has(scheme)) return address;
  return `http://${host}.${scheme}.localhost${pathname}${search}${hash}`;
}

/** @param {string} address as Chromium knows it */
function appAddress(address) {
  return address.replace(
    /^http:\/\/([^/]+)\.([a-z0-9-]+)\.localhost(?=\/|$)/,
    (all, host, scheme) => (world.schemes.has(scheme) ? `${scheme}://${host}` : all),
  );
}

module.exports = { appAddress, pageAddress };
