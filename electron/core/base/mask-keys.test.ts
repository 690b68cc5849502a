import fc from "fast-check";
import { expect, test } from "vitest";
import { KeyMask, maskKeys } from "./mask-keys.ts";

test("a key keeps its beginning and its length, and nothing else of it", () => {
  expect(maskKeys('a "sk-ant-oat01-CA_N-1" b sk-ant-api03-x, sk-ant- c')).toBe(
    'a "sk-ant-xxxxxxxxxxxx" b sk-ant-xxxxxxx, sk-ant- c',
  );
});

test("bytes in pieces of any size are masked as the whole text is", () => {
  const text = fc
    .array(
      fc.constantFrom(
        "sk-ant-",
        "s",
        "sk-",
        "sk-ant",
        "A",
        "9",
        "_",
        "-",
        " ",
        "\r\n",
        "\x1b[0m",
        "é",
      ),
      { maxLength: 30 },
    )
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.array(fc.integer({ min: 1, max: 9 })), (whole, sizes) => {
      const bytes = Buffer.from(whole);
      const mask = new KeyMask();
      const masked: Uint8Array[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn++) {
        const size = sizes[turn % Math.max(1, sizes.length)] ?? bytes.length;
        masked.push(mask.mask(bytes.subarray(at, at + size)));
        at += size;
      }
      expect(Buffer.concat(masked).toString()).toBe(maskKeys(whole));
      // What was given stays as it was: the live screen shows it.
      expect(bytes.toString()).toBe(whole);
    }),
  );
});

test("what holds no key is handed on without a copy", () => {
  const bytes = Buffer.from("task sk-1 asks ant");
  expect(new KeyMask().mask(bytes)).toBe(bytes);
});
