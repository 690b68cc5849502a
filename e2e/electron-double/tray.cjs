const { EventEmitter } = require("node:events");
const { strict } = require("./cloned-values.cjs");
const { world } = require("./world.cjs");

/** Pictures by scale. Only PNGs in data URLs are taken: what else Electron could decode is not implemented. */
class NativeImage {
  /** @type {Map<number, { width: number, height: number, dataURL: string }>} */
  #representations = new Map();
  #isTemplate = false;

  /** @param {{ scaleFactor?: number, dataURL?: string, buffer?: Buffer }} options */
  addRepresentation({ scaleFactor = 1, dataURL, buffer }) {
    if (buffer)
      throw new Error("electron-double: representations of raw bytes are not implemented");
    const [, encoded] = /^data:image\/png;base64,(.+)$/.exec(dataURL ?? "") ?? [];
    const png = Buffer.from(encoded ?? "", "base64");
    // What cannot be decoded is left out without a word.
    if (png.toString("latin1", 0, 8) !== "\x89PNG\r\n\x1a\n") return;
    const [width, height] = [16, 20].map((at) => png.readUInt32BE(at) / scaleFactor);
    this.#representations.set(scaleFactor, {
      width: width ?? 0,
      height: height ?? 0,
      dataURL: dataURL ?? "",
    });
  }

  isEmpty() {
    return this.#representations.size === 0;
  }

  getScaleFactors() {
    return [...this.#representations.keys()];
  }

  getSize(scaleFactor = 1) {
    const { width, height } = this.#representations.get(scaleFactor) ?? { width: 0, height: 0 };
    return { width, height };
  }

  /** @param {{ scaleFactor?: number }} [options] */
  toDataURL({ scaleFactor = 1 } = {}) {
    return this.#representations.get(scaleFactor)?.dataURL ?? "data:image/png;base64,";
  }

  /** @param {boolean} isTemplate */
  setTemplateImage(isTemplate) {
    this.#isTemplate = isTemplate;
  }

  isTemplateImage() {
    return this.#isTemplate;
  }
}

const nativeImage = strict("nativeImage", { createEmpty: () => new NativeImage() });

/** As on this system: what Electron has on macOS or Windows only is not there elsewhere. What a person does is an event. */
class Tray extends EventEmitter {
  #isDestroyed = false;

  /** @param {unknown} image */
  constructor(image) {
    super();
    if (!world.app.isReady()) throw new Error("Cannot create Tray before app is ready");
    this.setImage(image);
  }

  /** @param {unknown} image */
  setImage(image) {
    this.#live();
    if (!(image instanceof NativeImage))
      throw new Error("electron-double: a tray's image from a file is not implemented");
    if (image.isEmpty()) throw new TypeError("Image could not be created from an empty picture");
  }

  /** @param {string} tooltip */
  setToolTip(tooltip) {
    this.#live();
    if (typeof tooltip !== "string") throw new TypeError("a tooltip is a text");
  }

  /** @param {string} title */
  setTitle(title) {
    this.#live();
    if (process.platform !== "darwin")
      throw new Error("electron-double: only macOS has a title beside a tray's icon");
    if (typeof title !== "string") throw new TypeError("a title is a text");
  }

  /** @param {{ items: readonly unknown[] } | null} menu */
  setContextMenu(menu) {
    this.#live();
    if (menu !== null && !Array.isArray(menu.items)) throw new TypeError("no menu was given");
  }

  destroy() {
    this.#isDestroyed = true;
  }

  isDestroyed() {
    return this.#isDestroyed;
  }

  #live() {
    if (this.#isDestroyed) throw new Error("Tray is destroyed");
  }
}

module.exports = { nativeImage, Tray };
