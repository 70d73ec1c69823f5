import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { asked, isNamed } from "../../aws-call.ts";

/**
 * One version's value, for the caller's next call and nothing else: it goes into no journal, note, log or error. Only this
 * version's key is needed, where the decrypted history takes all of them. Undefined when the version is gone.
 */
export async function readValue(ssm: SSMClient, name: string, version: number): Promise<string | undefined> {
  try {
    const { Parameter } = await asked(
      `Reading version ${version} of ${name}`,
      ssm.send(new GetParameterCommand({ Name: `${name}:${version}`, WithDecryption: true })),
    );
    return Parameter?.Value;
  } catch (error) {
    if (isNamed(error, "ParameterVersionNotFound", "ParameterNotFound")) return undefined;
    throw error;
  }
}

export async function haveEqualValues(
  ssm: SSMClient,
  name: string,
  one: number,
  other: number,
): Promise<boolean> {
  const [first, second] = await Promise.all([readValue(ssm, name, one), readValue(ssm, name, other)]);
  return first !== undefined && first === second;
}
