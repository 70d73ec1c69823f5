import type { Identities } from "../../lib/region/iam/identities.ts";

/**
 * Actions that a role holds for AWS itself, which the region does not call in its name: X-Ray segments of the Lambda
 * and Step Functions services, and the delivery of Step Functions' own log.
 */
const USED_BY_AWS_ITSELF =
  /^(xray:|logs:(CreateLogDelivery|GetLogDelivery|UpdateLogDelivery|DeleteLogDelivery|ListLogDeliveries|PutResourcePolicy|DescribeResourcePolicies|DescribeLogGroups)$)/;

/** Compares, over many regions, what the stack's roles may do with what they did. Roles are known by their logical part. */
export class Permissions {
  readonly #granted = new Set<string>();
  readonly #used = new Set<string>();

  note(identities: Identities): void {
    for (const { roleArn, statement } of identities.granted()) {
      if (!isOurs(roleArn)) continue;
      for (const action of [statement.Action ?? []].flat()) {
        if (!USED_BY_AWS_ITSELF.test(action)) this.#granted.add(`${roleOf(roleArn)} ${action}`);
      }
    }
    for (const { roleArn, action } of identities.usage()) {
      if (isOurs(roleArn)) this.#used.add(`${roleOf(roleArn)} ${action}`);
    }
  }

  grantedButUnused(): string[] {
    return [...this.#granted].filter((entry) => !this.#used.has(entry)).sort();
  }

  /** What roles used is granted by definition; this is what nobody granted by name, a wildcard for instance. */
  usedWithoutBeingNamed(): string[] {
    return [...this.#used].filter((entry) => !this.#granted.has(entry)).sort();
  }
}

const isOurs = (roleArn: string) => roleArn.includes(":role/Stepback-");
/** CloudFormation's random tail changes from region to region. */
const roleOf = (roleArn: string) => roleArn.replace(/^.*:role\//, "").replace(/-[A-Z0-9]{12}$/, "");
