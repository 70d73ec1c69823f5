import type { ParameterInlinePolicy, ParameterTier, ParameterType } from "@aws-sdk/client-ssm";

/** One version of a parameter. What a new version does not say anew, it does not have. */
export interface ParameterVersion {
  readonly number: number;
  readonly value: string;
  readonly type: ParameterType;
  /** Of a SecureString: the key as the caller named it, and what that meant then. */
  readonly keyId: string | undefined;
  readonly keyArn: string | undefined;
  readonly tier: ParameterTier;
  readonly dataType: string;
  readonly description: string | undefined;
  readonly allowedPattern: string | undefined;
  /** They stay from version to version until somebody sends others [SDK PutParameterRequest.Policies]. */
  readonly policies: readonly ParameterInlinePolicy[];
  readonly modifiedAt: number;
  readonly modifiedBy: string;
}

export interface Parameter {
  readonly name: string;
  readonly arn: string;
  readonly tags: Map<string, string>;
  /** Oldest first; never empty. */
  readonly versions: ParameterVersion[];
  /** The number of the version that each label is attached to: to one at a time. */
  readonly labels: Map<string, number>;
}

export function labelsOf({ labels }: Parameter, version: number): string[] {
  return [...labels].flatMap(([label, holder]) => (holder === version ? [label] : [])).sort();
}
