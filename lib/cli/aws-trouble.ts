import * as z from "zod";

/** What is known of an error that AWS, its SDK or the way there may have raised. */
const Thrown = z.looseObject({
  name: z.string(),
  message: z.string(),
  /** Node's code of a connection that failed. */
  code: z.string().optional(),
  address: z.string().optional(),
  port: z.number().optional(),
  hostname: z.string().optional(),
  /** Only the SDK's service errors have it. */
  $fault: z.string().optional(),
});

/** Says in a sentence what AWS refused, or why it could not be asked; undefined for an error that is a bug of ours. */
export function awsTrouble(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // Members of errors are not enumerable, so they are read one by one; an AggregateError holds one of each address.
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const read = (member: string) => Reflect.get(Object(first), member);
  const thrown = Thrown.safeParse(
    Object.fromEntries(Object.keys(Thrown.shape).map((key) => [key, read(key)])),
  ).data;
  if (!thrown) return undefined;
  const { name, message, code, address, port, hostname, $fault } = thrown;
  if ($fault !== undefined) return `AWS answered ${name}: ${message}`;
  if (code === "ECONNREFUSED") {
    return `Nothing answers at ${address}:${port}. Does \`stepback local\` run, and is --endpoint-url right?`;
  }
  if (code === "ENOTFOUND")
    return `There is no host ${hostname}: is the region right, and is there a network?`;
  if (name === "CredentialsProviderError") {
    return `No AWS credentials were found (${message}). For \`stepback local\` any will do: export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any`;
  }
  if (code !== undefined && /^E[A-Z]+$/.test(code)) return `AWS could not be asked: ${message}`;
  return undefined;
}
