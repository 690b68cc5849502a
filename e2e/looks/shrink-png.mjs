import { crc32, deflateSync, inflateSync } from "node:zlib";

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const MOST_COLOURS = 256;

/**
 * The same picture with at most 256 colours, which takes a third of the room. Colours that are left out become the nearest
 * that is kept; the more often one is drawn the sooner it is kept as it is.
 *
 * @param {Buffer} png as Chromium writes it: eight bits a channel, not interlaced
 * @returns {Buffer}
 */
export function shrinkPng(png) {
  const { width, height, pixels } = readPixels(png);
  const { palette, indexOf } = choosePalette(pixels);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      rows[y * (width + 1) + 1 + x] = indexOf.get(pixels[y * width + x] ?? 0) ?? 0;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a pixel, each an index into the palette.
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(
    palette.flatMap((each) => [each >> 16, (each >> 8) & 255, each & 255]),
  );
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", colours),
    chunk("IDAT", deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/**
 * @param {Uint32Array} pixels
 * @returns {{ palette: number[], indexOf: Map<number, number> }}
 */
function choosePalette(pixels) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const byCount = [...counts].sort((one, other) => other[1] - one[1]).map(([colour]) => colour);
  let palette = byCount;
  // Who is nearer than `apart` to a colour that is kept is drawn in that one.
  for (let apart = 2; palette.length > MOST_COLOURS; apart += 1) {
    palette = [];
    for (const colour of byCount) {
      if (palette.every((kept) => distance(kept, colour) >= apart)) palette.push(colour);
      if (palette.length > MOST_COLOURS) break;
    }
  }
  const indexOf = new Map(
    byCount.map((colour) => {
      let nearest = 0;
      for (let n = 1; n < palette.length; n++)
        if (distance(palette[n] ?? 0, colour) < distance(palette[nearest] ?? 0, colour))
          nearest = n;
      return [colour, nearest];
    }),
  );
  return { palette, indexOf };
}

/**
 * @param {number} one
 * @param {number} other
 */
function distance(one, other) {
  return Math.max(
    Math.abs((one >> 16) - (other >> 16)),
    Math.abs(((one >> 8) & 255) - ((other >> 8) & 255)),
    Math.abs((one & 255) - (other & 255)),
  );
}

/** @param {Buffer} png */
function readPixels(png) {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const type = png[25];
  if (png[24] !== 8 || (type !== 2 && type !== 6) || png[28] !== 0)
    throw new Error("Only pictures of eight bits a channel that are not interlaced can be shrunk.");
  const step = type === 2 ? 3 : 4;
  const packed = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString("latin1", at + 4, at + 8) === "IDAT")
      packed.push(png.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const bytes = unfilter(inflateSync(Buffer.concat(packed)), width * step, height, step);
  const pixels = new Uint32Array(width * height);
  for (let n = 0; n < pixels.length; n++)
    pixels[n] =
      ((bytes[n * step] ?? 0) << 16) |
      ((bytes[n * step + 1] ?? 0) << 8) |
      (bytes[n * step + 2] ?? 0);
  return { width, height, pixels };
}

/**
 * Takes back what was done to each row before it was packed (PNG specification, 9.2).
 *
 * @param {Buffer} raw each row with its filter's number before it
 * @param {number} rowBytes
 * @param {number} height
 * @param {number} step bytes a pixel
 */
function unfilter(raw, rowBytes, height, step) {
  const out = Buffer.alloc(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (rowBytes + 1)] ?? 0;
    const row = y * rowBytes;
    for (let x = 0; x < rowBytes; x++) {
      const left = x >= step ? (out[row + x - step] ?? 0) : 0;
      const up = y > 0 ? (out[row - rowBytes + x] ?? 0) : 0;
      const corner = x >= step && y > 0 ? (out[row - rowBytes + x - step] ?? 0) : 0;
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
      out[row + x] = (raw[y * (rowBytes + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return out;
}

/**
 * @param {number} left
 * @param {number} up
 * @param {number} corner
 */
function paeth(left, up, corner) {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/**
 * @param {string} name
 * @param {Buffer} body
 */
function chunk(name, body) {
  const named = Buffer.concat([Buffer.from(name, "latin1"), body]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(body.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}
