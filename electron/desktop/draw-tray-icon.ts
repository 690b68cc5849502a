import { crc32, deflateSync } from "node:zlib";
import type { TrayShape } from "./word-tray.ts";

export type Colour = readonly [red: number, green: number, blue: number];

/** Points looked at in each pixel, along each side. */
const SAMPLES = 4;

/** A square picture of `pixels` by `pixels` as a PNG: the shape in one colour on nothing. */
export function drawTrayIcon(shape: TrayShape, colour: Colour, pixels: number): Buffer {
  // Each row begins with the number of its filter: none.
  const rows = Buffer.alloc(pixels * (1 + pixels * 4));
  for (let y = 0; y < pixels; y += 1) {
    for (let x = 0; x < pixels; x += 1) {
      const at = y * (1 + pixels * 4) + 1 + x * 4;
      rows.set([...colour, Math.round(255 * coverage(shape, x, y, pixels))], at);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(pixels, 0);
  header.writeUInt32BE(pixels, 4);
  // Eight bits each of red, green, blue and alpha.
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** How much of one pixel the shape covers, 0 to 1. */
function coverage(shape: TrayShape, x: number, y: number, pixels: number): number {
  let inside = 0;
  for (let n = 0; n < SAMPLES * SAMPLES; n += 1) {
    const sampleX = x + ((n % SAMPLES) + 0.5) / SAMPLES;
    const sampleY = y + (Math.floor(n / SAMPLES) + 0.5) / SAMPLES;
    if (isInside[shape](sampleX / pixels, sampleY / pixels)) inside += 1;
  }
  return inside / (SAMPLES * SAMPLES);
}

/** In a unit square whose y grows downwards. */
const isInside: Readonly<Record<TrayShape, (x: number, y: number) => boolean>> = {
  ring: (x, y) => {
    const radius = Math.hypot(x - 0.5, y - 0.5);
    return radius <= 0.42 && radius >= 0.24;
  },
  triangle: (x, y) => y <= 0.9 && y >= 0.08 && Math.abs(x - 0.5) <= (y - 0.08) * 0.58,
  square: (x, y) => Math.max(Math.abs(x - 0.5), Math.abs(y - 0.5)) <= 0.36,
};

function chunk(type: string, body: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), body]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(body.length, 0);
  typed.copy(framed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}
