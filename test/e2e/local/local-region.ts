import { type ChildProcess, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = `${import.meta.dirname}/../../..`;

/** What a command said and how it ended. */
export interface Said {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The environment of a newcomer: no profile, no metadata service, keys that mean nothing. */
const NEWCOMER = {
  PATH: process.env["PATH"] ?? "",
  HOME: "/nonexistent",
  AWS_ACCESS_KEY_ID: "any",
  AWS_SECRET_ACCESS_KEY: "any",
  AWS_REGION: "eu-west-1",
  AWS_DEFAULT_REGION: "eu-west-1",
  AWS_PAGER: "",
  AWS_EC2_METADATA_DISABLED: "true",
};
export type Surroundings = Readonly<Record<string, string>>;

/** Runs `stepback …` as a process of its own and waits for its end. */
export function stepback(words: readonly string[], surroundings: Surroundings = {}): Promise<Said> {
  return said(process.execPath, [`${root}/bin/stepback.ts`, ...words], surroundings);
}

/** `stepback local` in a process of its own, on a free port. */
export class LocalRegion {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<{ readonly exitCode: number | null; readonly signal: string | null }>;
  #output = "";

  private constructor(child: ChildProcess, url: string, output: string) {
    this.#child = child;
    this.url = url;
    this.#output = output;
    child.stdout?.on("data", (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    this.#ended = new Promise((resolve) => {
      child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
    });
  }

  static async start({ speed = 60 }: { readonly speed?: number } = {}): Promise<LocalRegion> {
    const words = ["local", "--port", "0", "--speed", String(speed)];
    const child = spawn(process.execPath, [`${root}/bin/stepback.ts`, ...words], {
      env: NEWCOMER,
      cwd: root,
    });
    let output = "";
    let trouble = "";
    child.stderr.on("data", (chunk: Buffer) => {
      trouble += chunk.toString();
    });
    return new Promise((resolve, reject) => {
      child.once("exit", (code) =>
        reject(new Error(`stepback local ended with ${code}: ${output}${trouble}`)),
      );
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        const url = /listens on (http:\S+)/.exec(output)?.[1];
        if (!url || !output.includes("What happens")) return;
        child.stdout.off("data", read);
        child.removeAllListeners("exit");
        resolve(new LocalRegion(child, url, output));
      };
      child.stdout.on("data", read);
    });
  }

  /** Everything it has printed. */
  get output(): string {
    return this.#output;
  }

  /** Runs the real `aws` command line against it. */
  aws(words: string, surroundings: Surroundings = {}): Promise<Said> {
    return said("aws", ["--endpoint-url", this.url, ...wordsOf(words)], surroundings);
  }

  /** The same for a command that must succeed and answers JSON. */
  async ask(words: string, surroundings: Surroundings = {}): Promise<Record<string, unknown>> {
    const { exitCode, stdout, stderr } = await this.aws(words, surroundings);
    if (exitCode !== 0) throw new Error(`aws ${words} ended with ${exitCode}: ${stderr}`);
    return stdout.trim() === "" ? {} : JSON.parse(stdout);
  }

  stepback(words: readonly string[], surroundings: Surroundings = {}): Promise<Said> {
    return stepback(words, { AWS_ENDPOINT_URL: this.url, ...surroundings });
  }

  async health(): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.url}/_stepback/health`);
    return JSON.parse(await response.text());
  }

  /** Runs a line in a shell, as somebody would paste it from what the region printed. */
  paste(line: string): Promise<Said> {
    return said("bash", ["-c", line], {});
  }

  /** Waits until it has printed this often what matches. */
  async prints(pattern: RegExp, times = 1): Promise<void> {
    const found = () => [...this.#output.matchAll(new RegExp(pattern, "g"))].length;
    const deadline = performance.now() + 60_000;
    while (found() < times) {
      if (performance.now() > deadline)
        throw new Error(`${pattern} was not printed ${times} times:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends the process and says how, and how long that took. */
  async stop(signal: "SIGINT" | "SIGTERM" = "SIGINT") {
    const asked = performance.now();
    this.#child.kill(signal);
    const ended = await this.#ended;
    return { ...ended, milliseconds: performance.now() - asked };
  }
}

function said(file: string, words: readonly string[], surroundings: Surroundings): Promise<Said> {
  return run(file, [...words], { env: { ...NEWCOMER, ...surroundings }, cwd: root }).then(
    ({ stdout, stderr }) => ({ exitCode: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      exitCode: code,
      stdout,
      stderr,
    }),
  );
}

/** Splits what somebody would type at spaces, but not within single quotes. */
function wordsOf(words: string): string[] {
  return [...words.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}
