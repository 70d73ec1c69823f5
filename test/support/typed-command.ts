/** What the `aws` command line sends for one line that a message shows. */
export interface TypedCommand {
  readonly service: string;
  /** `DeleteDBInstance`; of a waiter `Wait`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Reads a line as the command line does: `--db-instance-identifier` is DBInstanceIdentifier, `--no-x` is false, an option
 * without a value is true, `Key=a,Value=b` is an object, and only those may be several.
 */
export function typedCommand(line: string): TypedCommand {
  const [program, service = "", verb = "", ...words] = line.split(" ");
  if (program !== "aws" || /["'$|;]/.test(line)) throw new Error(`This is no plain aws command: ${line}`);
  const input: Record<string, unknown> = {};
  for (const [option, values] of optionsOf(words)) {
    if (option.startsWith("no-")) input[pascal(option.slice(3))] = false;
    else if (values.length === 0) input[pascal(option)] = true;
    else if (LISTS.has(option)) input[pascal(option)] = values.map(objectOf);
    else input[pascal(option)] = one(line, values);
  }
  return { service, operation: pascal(verb), input };
}

const LISTS: ReadonlySet<string> = new Set(["tags", "tag-keys", "dimensions", "statistics"]);

function* optionsOf(words: readonly string[]): Generator<readonly [string, readonly string[]]> {
  for (let index = 0; index < words.length; ) {
    const option = words[index] ?? "";
    const end = words.findIndex((word, position) => position > index && word.startsWith("--"));
    const values = words.slice(index + 1, end < 0 ? undefined : end);
    if (option.startsWith("--")) yield [option.slice(2), values];
    index += values.length + 1;
  }
}

function objectOf(value: string): unknown {
  if (!value.includes("=")) return value;
  return Object.fromEntries(value.split(",").map((pair) => pair.split("=")));
}

function one(line: string, [value, ...more]: readonly string[]): string | undefined {
  if (more.length > 0) throw new Error(`An option has several values: ${line}`);
  return value;
}

/** `db-instance-identifier` → `DBInstanceIdentifier` */
function pascal(words: string): string {
  return words
    .split("-")
    .map((word) => (word === "db" ? "DB" : word.charAt(0).toUpperCase() + word.slice(1)))
    .join("");
}
