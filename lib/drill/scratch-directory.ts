import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";

const made: string[] = [];

/** A directory for this process alone, gone when it ends: the region loads the functions from it as long as it lives. */
export function scratchDirectory(): string {
  if (made.length === 0) process.once("exit", () => made.forEach(remove));
  const directory = mkdtempSync(`${tmpdir()}/stepback-`);
  made.push(directory);
  return directory;
}

const remove = (directory: string) => rmSync(directory, { recursive: true, force: true });
