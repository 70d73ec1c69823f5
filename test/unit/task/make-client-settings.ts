import { Identities } from "../../../lib/region/iam/identities.ts";
import type { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { RegionContext } from "../../../lib/region/region-context.ts";
import type { PolicyStatement, ServiceModel } from "../../../lib/region/service-model.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";

const where = { account: "123456789012", region: "eu-west-1" };

/** What a service's model lives in when it meets no other. */
export function makeContext(kernel: Kernel): RegionContext {
  return {
    ...where,
    kernel,
    emit: () => undefined,
    publishMetric: () => undefined,
    call: () => Promise.reject(new Error("These services call nobody")),
  };
}

/** An endpoint in front of these services at which calls take no time, and how the SDK's clients reach it. */
export function makeClientSettings(
  kernel: Kernel,
  services: readonly ServiceModel[],
  policy?: readonly PolicyStatement[],
) {
  const faults = new FaultPlan(kernel);
  const identities = new Identities({ kernel, ...where });
  const endpoint = new Endpoint({ kernel, identities, faults, latency: { fromMs: 0, toMs: 0 }, ...where });
  for (const service of services) endpoint.add(service);
  const settings = {
    region: where.region,
    credentials: policy
      ? credentialsOf(identities, policy)
      : { accessKeyId: "operator", secretAccessKey: "any" },
    maxAttempts: 1,
    requestHandler: new InProcessHandler(endpoint),
  };
  return { faults, endpoint, settings };
}

function credentialsOf(identities: Identities, policy: readonly PolicyStatement[]) {
  const role = identities.createRole({
    name: "mover",
    assumeRolePolicy: { Statement: { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole" } },
    inlinePolicies: { it: { Statement: [...policy] } },
  });
  return { ...identities.issueCredentials(role, "mover") };
}
