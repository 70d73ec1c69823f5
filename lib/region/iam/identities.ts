import type { Kernel } from "../kernel/kernel.ts";
import {
  AwsError,
  type Permission,
  type PolicyDocument,
  type PolicyStatement,
  type Principal,
} from "../service-model.ts";
import { awsManagedPolicies } from "./aws-managed-policies.ts";
import { CredentialIssuer, type Credentials } from "./credential-issuer.ts";
import { denial } from "./denial.ts";
import { applies, type Decision, evaluate } from "./evaluate.ts";
import { statementsOf } from "./policy-document.ts";
import { reachOf } from "./principal-match.ts";
import { requestContext } from "./request-context.ts";

export interface NewRole {
  readonly name: string;
  /** Begins and ends with a slash. @default "/" */
  readonly path?: string;
  readonly assumeRolePolicy: PolicyDocument;
  /** Documents by policy name. */
  readonly inlinePolicies?: Readonly<Record<string, PolicyDocument>>;
  /** ARNs of policies made with `createManagedPolicy`, or of AWS managed policies that the region knows. */
  readonly managedPolicies?: readonly string[];
  /** The ARN of a managed policy. */
  readonly boundary?: string;
}

export interface NewManagedPolicy {
  readonly name: string;
  /** @default "/" */
  readonly path?: string;
  readonly document: PolicyDocument;
}

/** An action that a role was allowed by its identity policies. */
export interface UsedAction {
  readonly roleArn: string;
  readonly action: string;
}

export interface GrantedStatement {
  readonly roleArn: string;
  /** Always an Allow. */
  readonly statement: PolicyStatement;
}

/** The account's roles and policies, and IAM's judgement over every call. */
export class Identities {
  readonly #kernel: Kernel;
  readonly #account: string;
  readonly #region: string;
  readonly #issuer: CredentialIssuer;
  /** By name: a name is unique in an account, whatever the path. */
  readonly #roles = new Map<string, Role>();
  readonly #managedPolicies = new Map<string, PolicyDocument>(Object.entries(awsManagedPolicies));
  readonly #used = new Map<string, UsedAction>();

  constructor(where: { readonly kernel: Kernel; readonly account: string; readonly region: string }) {
    this.#kernel = where.kernel;
    this.#account = where.account;
    this.#region = where.region;
    this.#issuer = new CredentialIssuer(where.kernel.random.fork("credentials"));
  }

  /** Returns the role's ARN. */
  createRole(role: NewRole): string {
    if (this.#roles.has(role.name)) throw alreadyExists(`Role with name ${role.name}`);
    const arn = `arn:aws:iam::${this.#account}:role${role.path ?? "/"}${role.name}`;
    statementsOf(role.assumeRolePolicy);
    const created: Role = { arn, trust: role.assumeRolePolicy, inline: new Map(), attached: new Set() };
    if (role.boundary !== undefined) created.boundary = this.#managedPolicy(role.boundary);
    this.#roles.set(role.name, created);
    for (const [name, document] of Object.entries(role.inlinePolicies ?? {})) {
      this.putRolePolicy(role.name, name, document);
    }
    for (const policy of role.managedPolicies ?? []) this.attachRolePolicy(role.name, policy);
    return arn;
  }

  hasRole(arn: string): boolean {
    return [...this.#roles.values()].some((role) => role.arn === arn);
  }

  /** Returns the policy's ARN. */
  createManagedPolicy({ name, path, document }: NewManagedPolicy): string {
    const arn = `arn:aws:iam::${this.#account}:policy${path ?? "/"}${name}`;
    if (this.#managedPolicies.has(arn)) throw alreadyExists(`A policy called ${name}`);
    statementsOf(document);
    this.#managedPolicies.set(arn, document);
    return arn;
  }

  /** Adds an inline policy to a role, or replaces the one of that name. */
  putRolePolicy(roleName: string, policyName: string, document: PolicyDocument): void {
    statementsOf(document);
    this.#role(roleName).inline.set(policyName, document);
  }

  attachRolePolicy(roleName: string, policyArn: string): void {
    this.#managedPolicy(policyArn);
    this.#role(roleName).attached.add(policyArn);
  }

  /** Temporary keys for a session of the role. Whether the caller may have them is the caller's business: `assumable`. */
  issueCredentials(roleArn: string, session: string): Credentials {
    return this.#issuer.issue(this.#roleOf(roleArn).arn, session);
  }

  /**
   * Who signs with this key. Keys that were issued here belong to their role session. Every other key is the
   * operator's, who may do everything, so that people can type any dummy key into their configuration; signatures are
   * never checked, because the region listens on loopback only.
   */
  principalOf(accessKeyId: string): Principal {
    const operator: Principal = { arn: `arn:aws:iam::${this.#account}:user/operator`, type: "user" };
    return this.#issuer.sessionOf(accessKeyId) ?? operator;
  }

  /**
   * Whether the role's trust policy lets the service assume it.
   *
   * @param sourceArn the resource that the service acts for, which the policy sees as `aws:SourceArn`
   */
  assumable(roleArn: string, servicePrincipal: string, sourceArn?: string): boolean {
    const service: Principal = {
      arn: servicePrincipal,
      type: "service",
      ...(sourceArn !== undefined && { sourceArn }),
    };
    const trust = this.#roleOf(roleArn).trust;
    return this.#decide(service, { action: "sts:AssumeRole", resource: roleArn, resourcePolicy: trust })
      .allowed;
  }

  /** Whether the role's trust policy speaks for this caller; the caller's own policies are asked by `authorize`. */
  trusts(roleArn: string, principal: Principal): boolean {
    const permission: Permission = { action: "sts:AssumeRole", resource: roleArn };
    const surroundings = { account: this.#account, region: this.#region, now: this.#kernel.now };
    const context = requestContext(principal, permission, surroundings);
    const effects = statementsOf(this.#roleOf(roleArn).trust)
      .filter((statement) => reachOf(statement, principal, this.#account) !== undefined)
      .filter((statement) => applies(statement, { permission, context }))
      .map(({ Effect }) => Effect);
    return effects.includes("Allow") && !effects.includes("Deny");
  }

  /** Throws AwsError AccessDeniedException, in AWS's words, for the first permission that the principal lacks. */
  authorize(principal: Principal, permissions: readonly Permission[]): void {
    for (const permission of permissions) {
      const decision = this.#decide(principal, permission);
      if (!decision.allowed) throw denial(principal, permission, decision);
      if (principal.type !== "role" || decision.by !== "identity-based policy") continue;
      const used = { roleArn: principal.arn, action: permission.action };
      this.#used.set(`${used.roleArn} ${used.action}`, used);
    }
  }

  /** Every action that a role was allowed through an identity policy, each once. */
  usage(): readonly UsedAction[] {
    return [...this.#used.values()];
  }

  /** Every Allow statement of every role's identity policies. */
  granted(): readonly GrantedStatement[] {
    return [...this.#roles.values()].flatMap((role) =>
      this.#policiesOf(role)
        .flatMap(statementsOf)
        .filter(({ Effect }) => Effect === "Allow")
        .map((statement) => ({ roleArn: role.arn, statement })),
    );
  }

  #decide(principal: Principal, permission: Permission): Decision {
    const role = principal.type === "role" ? this.#roleOf(principal.arn) : undefined;
    const surroundings = { account: this.#account, region: this.#region, now: this.#kernel.now };
    return evaluate({
      principal,
      permission,
      context: requestContext(principal, permission, surroundings),
      account: this.#account,
      identityPolicies: role ? this.#policiesOf(role) : this.#policiesOfOthers(principal),
      boundary: role?.boundary,
    });
  }

  #policiesOf({ inline, attached }: Role): readonly PolicyDocument[] {
    return [...inline.values(), ...[...attached].map((arn) => this.#managedPolicy(arn))];
  }

  /** The operator is the account's one user; services and strangers have no identity policies. */
  #policiesOfOthers({ arn }: Principal): readonly PolicyDocument[] {
    return arn === `arn:aws:iam::${this.#account}:user/operator`
      ? [this.#managedPolicy("arn:aws:iam::aws:policy/AdministratorAccess")]
      : [];
  }

  #role(name: string): Role {
    const role = this.#roles.get(name);
    if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`);
    return role;
  }

  #roleOf(arn: string): Role {
    const role = this.#role(arn.split("/").at(-1) ?? arn);
    if (role.arn !== arn) throw noSuchEntity(`The role ${arn} cannot be found.`);
    return role;
  }

  #managedPolicy(arn: string): PolicyDocument {
    const document = this.#managedPolicies.get(arn);
    if (!document) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`);
    return document;
  }
}

interface Role {
  readonly arn: string;
  readonly trust: PolicyDocument;
  readonly inline: Map<string, PolicyDocument>;
  /** ARNs of managed policies. */
  readonly attached: Set<string>;
  boundary?: PolicyDocument;
}

// Codes and statuses: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html#API_CreateRole_Errors
function alreadyExists(what: string): AwsError {
  return new AwsError("EntityAlreadyExists", `${what} already exists.`, 409);
}

function noSuchEntity(message: string): AwsError {
  return new AwsError("NoSuchEntity", message, 404);
}
