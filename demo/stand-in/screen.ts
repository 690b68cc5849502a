const MODES_ON = "\x1b[?2004h";
const MODES_OFF = "\x1b[?2004l";
const CLEAR_LINE = "\r\x1b[2K";

/** A modest likeness of Claude Code's screen: output scrolls by, the line to type in stays last. */
export class Screen {
  readonly #title: string;
  #input = "";

  constructor(title: string) {
    this.#title = title;
  }

  open(): void {
    process.stdout.write(MODES_ON);
    this.setWorking(false);
  }

  close(): void {
    process.stdout.write(`${CLEAR_LINE}${MODES_OFF}\x1b]0;\x07`);
  }

  setWorking(isWorking: boolean): void {
    process.stdout.write(`\x1b]0;${isWorking ? "⠂" : "✳"} ${this.#title}\x07`);
    this.#drawInput();
  }

  /** Prints lines above the line to type in. */
  print(text: string): void {
    const lines = text.replaceAll("\n", "\r\n");
    process.stdout.write(`${CLEAR_LINE}${lines}\r\n`);
    this.#drawInput();
  }

  showInput(input: string): void {
    this.#input = input;
    this.#drawInput();
  }

  /** Prints so many bytes, as fast as the terminal takes them. */
  async flood(bytes: number): Promise<void> {
    const line = `\x1b[3${Math.floor(Math.random() * 8)}m${"flood ".repeat(13)}\x1b[0m\r\n`;
    const block = line.repeat(Math.ceil(65536 / line.length));
    for (let left = bytes; left > 0; left -= block.length) {
      const isTaken = process.stdout.write(block.slice(0, left));
      if (!isTaken) await new Promise((resolve) => process.stdout.once("drain", resolve));
    }
  }

  #drawInput(): void {
    const shown = this.#input.split("\n").at(-1) ?? "";
    process.stdout.write(`${CLEAR_LINE}\x1b[2m❯\x1b[0m ${shown}`);
  }
}
