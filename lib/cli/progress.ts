import type { WriteStream } from "node:tty";

const FRAMES = ["|", "/", "-", "\\"] as const;

/**
 * One line that says what is going on, for as long as it does: turning while somebody watches a terminal, a plain line
 * otherwise, nothing at all when a machine reads.
 */
export class Progress {
  readonly #stream: WriteStream;
  readonly #quiet: boolean;
  #turn = 0;
  #shown = false;

  constructor(stream: WriteStream, { quiet }: { readonly quiet: boolean }) {
    this.#stream = stream;
    this.#quiet = quiet;
  }

  say(text: string): void {
    if (this.#quiet) return;
    if (this.#stream.isTTY) this.turn(text);
    else this.#stream.write(`${text} ...\n`);
  }

  /** The same, for what goes on between the lines of the story: worth nothing without a terminal. */
  turn(text: string): void {
    if (this.#quiet || !this.#stream.isTTY) return;
    this.#stream.write(`\r\x1b[2K${FRAMES[this.#turn++ % FRAMES.length]} ${text}`);
    this.#shown = true;
  }

  clear(): void {
    if (!this.#shown) return;
    this.#stream.write("\r\x1b[2K");
    this.#shown = false;
  }
}
