/** How every key and token of the provider begins. */
export const KEY_START = "sk-ant-";
const KEY = /sk-ant-[\w-]+/g;
const START = Buffer.from(KEY_START);
const MASK = "x".charCodeAt(0);

/** Keys of the provider in a text, each letter of them made an x: what was a key can be seen, and what it was cannot. */
export function maskKeys(text: string): string {
  return replaceKeys(text, (key) => KEY_START + "x".repeat(key.length - KEY_START.length));
}

/** Each key of a text, masked or not, in its order. */
export function findKeys(text: string): readonly string[] {
  return text.match(KEY) ?? [];
}

export function replaceKeys(text: string, by: (key: string) => string): string {
  return text.replace(KEY, by);
}

/** The same for bytes that come in pieces of any size. Nothing changes its length or its place. */
export class KeyMask {
  /** How many bytes of `START` the last piece ended with. */
  #begun = 0;
  #isInKey = false;

  /** The bytes themselves where there is nothing to mask, else a copy. */
  mask(bytes: Uint8Array): Uint8Array {
    const from = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let masked: Buffer | null = null;
    for (let at = 0; at < from.length; ) {
      if (this.#isInKey) {
        if (isOfKey(from[at])) {
          masked ??= Buffer.from(from);
          masked[at] = MASK;
          at++;
        } else this.#isInKey = false;
      } else if (this.#begun === 0) {
        // Most output holds no key: it is looked through at the speed of memory.
        const start = from.indexOf(START[0] ?? 0, at);
        if (start < 0) break;
        at = start + 1;
        this.#begun = 1;
      } else if (from[at] === START[this.#begun]) {
        at++;
        this.#begun++;
        if (this.#begun === START.length) {
          this.#begun = 0;
          this.#isInKey = true;
        }
      } else this.#begun = 0;
    }
    return masked ?? bytes;
  }
}

/** Letters, digits, _ and -. */
function isOfKey(byte: number | undefined): boolean {
  return byte !== undefined && /[\w-]/.test(String.fromCharCode(byte));
}
