import { AwsError } from "../../service-model.ts";
import { badCombination, badValue } from "./rds-error.ts";
import type { RdsOptions } from "./rds-options.ts";

/** The default security group of the VPC, which lets in only its own members. */
export const DEFAULT_SECURITY_GROUP = "sg-default";

/** The groups that databases refer to: parameter, option, subnet and security groups. */
export class GroupRegister {
  /** Family by name. */
  readonly parameterGroups = new Map<string, string>();
  readonly clusterParameterGroups = new Map<string, string>();
  readonly optionGroups = new Set<string>();
  /** By name: whether its subnets have a way out to the internet. The default VPC's have. */
  readonly subnetGroups = new Map<string, { readonly isPublic: boolean }>([["default", { isPublic: true }]]);
  /** Whether a security group lets the application in. */
  readonly #securityGroups = new Map<string, boolean>([[DEFAULT_SECURITY_GROUP, false]]);
  readonly #options: RdsOptions;

  constructor(options: RdsOptions) {
    this.#options = options;
  }

  admit(id: string, admits: boolean): void {
    this.#securityGroups.set(id, admits);
  }

  /** An installed database works, so its groups let the application in. */
  addWorking(ids: readonly string[]): void {
    for (const id of ids) if (!this.#securityGroups.has(id)) this.admit(id, true);
  }

  /** @param proxyGroups the groups of the proxy that asks; undefined when the application does */
  admits(ids: readonly string[], port: number, proxyGroups?: readonly string[]): boolean {
    if (this.#options.admits) return this.#options.admits(ids, port, proxyGroups);
    return ids.some((id) => this.#securityGroups.get(id) ?? false);
  }

  checkSecurityGroups(ids: readonly string[]): void {
    const unknown = ids.find(
      (id) => !this.#securityGroups.has(id) && !this.#options.securityGroupExists?.(id),
    );
    if (unknown !== undefined) throw badValue(`Invalid security group , groupId= ${unknown}, groupName=.`);
  }

  checkParameterGroup(name: string, family: string): void {
    check(this.parameterGroups, name, family, "DBParameterGroup");
  }

  checkClusterParameterGroup(name: string, family: string): void {
    check(this.clusterParameterGroups, name, family, "DBClusterParameterGroup");
  }

  checkOptionGroup(name: string): void {
    if (name.startsWith("default:") || this.optionGroups.has(name)) return;
    throw new AwsError("OptionGroupNotFoundFault", `Specified OptionGroupName: ${name} not found.`);
  }

  subnetGroup(name: string): { readonly isPublic: boolean } {
    const group = this.subnetGroups.get(name);
    if (!group) {
      throw new AwsError("DBSubnetGroupNotFoundFault", `DB subnet group '${name}' does not exist.`);
    }
    return group;
  }
}

function check(
  groups: ReadonlyMap<string, string>,
  name: string,
  family: string,
  kind: "DBParameterGroup" | "DBClusterParameterGroup",
): void {
  const found = name === `default.${family}` ? family : groups.get(name);
  if (found === undefined) throw new AwsError(`${kind}NotFoundFault`, `${kind} not found: ${name}`);
  if (found !== family) {
    throw badCombination(
      `The Parameter Group ${name} with DBParameterGroupFamily ${found} cannot be used for this instance. ` +
        `Please use a Parameter Group with DBParameterGroupFamily ${family}`,
    );
  }
}
