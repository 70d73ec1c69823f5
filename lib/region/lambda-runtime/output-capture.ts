import { Writable } from "node:stream";

/** One line that a function wrote. */
export interface OutputLine {
  /** The function's name. */
  readonly function: string;
  readonly roleArn: string;
  readonly requestId: string;
  readonly logGroup: string;
  readonly logStream: string;
  /** Virtual time, epoch milliseconds. */
  readonly at: number;
  readonly text: string;
}

/** The standard output of a function: splits what is written into lines. */
export class OutputCapture extends Writable {
  readonly #line: (text: string) => void;
  #rest = "";

  constructor(line: (text: string) => void) {
    super({ decodeStrings: false });
    this.#line = line;
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    const lines = (this.#rest + chunk.toString()).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#line(line);
    done();
  }

  /** Writes a line that has not ended: Lambda takes what there is when an invocation ends. */
  flush(): void {
    const rest = this.#rest;
    this.#rest = "";
    if (rest) this.#line(rest);
  }
}
