import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { drawTrayIcon } from "./draw-tray-icon.ts";
import type { TrayShape } from "./word-tray.ts";

/** The picture as text: `#` where it is full, `.` where it is empty, `+` at an edge. */
function show(shape: TrayShape, pixels: number): string {
  const png = drawTrayIcon(shape, [1, 2, 3], pixels);
  const start = png.indexOf("IDAT") + 4;
  const body = inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)));
  const stride = 1 + pixels * 4;
  const rows = Array.from({ length: pixels }, (_, y) =>
    Array.from({ length: pixels }, (_, x) => {
      const alpha = body[y * stride + 1 + x * 4 + 3] ?? 0;
      return alpha === 255 ? "#" : alpha === 0 ? "." : "+";
    }).join(""),
  );
  return rows.join("\n");
}

test("each shape is told from the others without a colour", () => {
  const shapes = (["ring", "triangle", "square"] as const).map((shape) => show(shape, 8));
  expect(shapes).toMatchInlineSnapshot(`
    [
      "..++++..
    .++##++.
    ++++++++
    +#+..+#+
    +#+..+#+
    ++++++++
    .++##++.
    ..++++..",
      "...++...
    ...++...
    ..++++..
    ..+##+..
    .+####+.
    .+####+.
    +######+
    ++++++++",
      "........
    .######.
    .######.
    .######.
    .######.
    .######.
    .######.
    ........",
    ]
  `);
});

test("a picture has the size that was asked for", () => {
  const png = drawTrayIcon("ring", [0, 0, 0], 24);
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([24, 24]);
});
