import type { PolicyDocument, PolicyStatement } from "../../lib/region/service-model.ts";
import type { Assembly, Resource } from "./assembly.ts";

/** One statement of a role with its lists made lists. */
export interface Grant {
  readonly role: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: PolicyStatement["Condition"];
}

/** Everything that the roles of the stack are allowed, statement by statement. A Deny in a role's policy is an error. */
export function grantsOf(assembly: Assembly): readonly Grant[] {
  return assembly.of("AWS::IAM::Policy").flatMap((policy) => {
    const { PolicyDocument, Roles } = policy.properties;
    return listOf(Roles).flatMap((role) =>
      statementsOf(PolicyDocument).map((statement) => grantOf(role, statement)),
    );
  });
}

/** The statements of one role, found by the beginning of its logical id. */
export function grantsTo(assembly: Assembly, rolePrefix: string): readonly Grant[] {
  const role = assembly.one("AWS::IAM::Role", rolePrefix);
  return grantsOf(assembly).filter((grant) => grant.role === role.id);
}

export function actionsOf(grants: readonly Grant[]): readonly string[] {
  return [...new Set(grants.flatMap(({ actions }) => actions))].sort();
}

/** The statements of a policy document that came out of a template. */
export function statementsOf(document: unknown): readonly PolicyStatement[] {
  // A true seam: a policy document of the template, which the region's IAM reads the same way.
  const { Statement } = document as PolicyDocument;
  return Array.isArray(Statement) ? Statement : [Statement as PolicyStatement];
}

export function listOf(value: unknown): readonly string[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

/** The one thing that a resource policy of this type says of `resource`. */
export function resourcePolicyOf(assembly: Assembly, type: string, names: string, resource: Resource) {
  const policies = assembly
    .of(type)
    .filter(({ properties }) =>
      listOf(properties[names]).some((name) => name === resource.id || name.endsWith(`:${resource.id}`)),
    );
  return policies.flatMap(({ properties }) => statementsOf(properties["PolicyDocument"]));
}

function grantOf(role: string, statement: PolicyStatement): Grant {
  if (statement.Effect !== "Allow" || statement.NotAction || statement.NotResource) {
    throw new Error(`${role} holds a statement that is no plain Allow: ${JSON.stringify(statement)}`);
  }
  return {
    role,
    actions: listOf(statement.Action),
    resources: listOf(statement.Resource),
    condition: statement.Condition,
  };
}
