// Values cross between main and page as Electron's do: cloned, bytes included, functions refused.

/** @param {unknown} value */
function encode(value) {
  return JSON.stringify(value, function (key) {
    const own = this[key];
    if (own instanceof ArrayBuffer) return { $buffer: Buffer.from(own).toString("base64") };
    if (ArrayBuffer.isView(own)) {
      const bytes = Buffer.from(own.buffer, own.byteOffset, own.byteLength);
      return { $bytes: bytes.toString("base64") };
    }
    if (typeof own === "function") throw new Error("An object could not be cloned.");
    return own;
  });
}

/** @param {string} text */
function decode(text) {
  return JSON.parse(text, (_key, value) => {
    if (value?.$bytes !== undefined) return new Uint8Array(Buffer.from(value.$bytes, "base64"));
    if (value?.$buffer !== undefined) {
      return new Uint8Array(Buffer.from(value.$buffer, "base64")).buffer;
    }
    return value;
  });
}

/**
 * Makes reading anything that is not there an error, so that the double never silently does nothing.
 *
 * @template {object} T
 * @param {string} name
 * @param {T} implemented
 * @returns {T}
 */
function strict(name, implemented) {
  return new Proxy(implemented, {
    get(target, property) {
      // `then` is looked up on everything that is awaited.
      if (property in target || typeof property === "symbol" || property === "then") {
        return Reflect.get(target, property);
      }
      throw new Error(`electron-double: ${name}.${property} is not implemented`);
    },
  });
}

/** An event that its listeners can prevent, and whether one did. */
function preventable() {
  let isPrevented = false;
  const preventDefault = () => {
    isPrevented = true;
  };
  return { event: { preventDefault }, isPrevented: () => isPrevented };
}

module.exports = { decode, encode, preventable, strict };
