import type { WriteStream } from "node:tty";

const FRAMES = ["|", "/", "-", "\\"] as const;

/**
 * One line that says what is going on: turning while somebody watches a terminal, a plain line otherwise, nothing at
 * all when a machine reads.
 */
export class Progress {
  readonly #stream: WriteStream;
  readonly #quiet: boolean;
  #turn = 0;
  #last = "";
  #shown = false;

  constructor(stream: WriteStream, { quiet }: { readonly quiet: boolean }) {
    this.#stream = stream;
    this.#quiet = quiet;
  }

  say(text: string): void {
    if (this.#quiet) return;
    if (!this.#stream.isTTY) {
      if (text !== this.#last) this.#stream.write(`${text} ...\n`);
      this.#last = text;
      return;
    }
    this.#stream.write(`\r\x1b[2K${FRAMES[this.#turn++ % FRAMES.length]} ${text}`);
    this.#shown = true;
  }

  clear(): void {
    if (!this.#shown) return;
    this.#stream.write("\r\x1b[2K");
    this.#shown = false;
  }
}
