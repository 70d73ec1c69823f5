import type { ParameterInlinePolicy, ParameterTier, ParameterType } from "@aws-sdk/client-ssm";
import type { ParameterVersion } from "./parameter.ts";
import { checkName, checkValue } from "./parameter-rules.ts";
import { DEFAULT_KEY } from "./put-parameter.ts";
import type { SsmWorld } from "./ssm-world.ts";

export interface InstalledParameter {
  readonly name: string;
  readonly type: ParameterType;
  /** Of a SecureString, by id, ARN or alias. @default the service's own key */
  readonly keyId?: string;
  /** @default Standard */
  readonly tier?: ParameterTier;
  readonly tags?: Readonly<Record<string, string>>;
  /** Oldest first. */
  readonly versions: readonly {
    readonly value: string;
    /** Epoch milliseconds. */
    readonly modifiedAt: number;
    readonly labels?: readonly string[];
    readonly description?: string;
    readonly policies?: readonly ParameterInlinePolicy[];
  }[];
}

/** Creates a parameter that exists since before the story, with its history; answers its ARN. */
export function installParameter({ context, store, keys }: SsmWorld, installed: InstalledParameter): string {
  const { name, type, tier = "Standard", tags, versions } = installed;
  checkName(name);
  const keyId = type === "SecureString" ? (installed.keyId ?? DEFAULT_KEY) : undefined;
  const keyArn = keyId === undefined ? undefined : keys.arnOf(keyId);
  if (keyId !== undefined && keyArn === undefined) throw new Error(`There is no key ${keyId}`);
  const made = versions.map(({ value, modifiedAt, description, policies = [] }, index): ParameterVersion => {
    checkValue(value, tier, undefined);
    return {
      number: index + 1,
      value,
      type,
      keyId,
      keyArn,
      tier,
      dataType: "text",
      description,
      allowedPattern: undefined,
      policies,
      modifiedAt,
      modifiedBy: `arn:aws:iam::${context.account}:user/operator`,
    };
  });
  const [first, ...later] = made;
  if (!first || made.length > 100) throw new Error(`The parameter ${name} needs between 1 and 100 versions`);
  const parameter = store.create(name, first, tags);
  parameter.versions.push(...later);
  versions.forEach(({ labels = [] }, index) => {
    for (const label of labels) parameter.labels.set(label, index + 1);
  });
  return parameter.arn;
}
