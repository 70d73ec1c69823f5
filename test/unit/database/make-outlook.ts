import { ECSClient } from "@aws-sdk/client-ecs";
import { KMSClient } from "@aws-sdk/client-kms";
import { RDSClient } from "@aws-sdk/client-rds";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { Assessment, Wish } from "../../../lambdas/components/component.ts";
import { databaseObserver } from "../../../lambdas/components/database/observe.ts";
import type { Feasibility } from "../../../lambdas/components/database/planning/check.ts";
import { databaseVersionReader } from "../../../lambdas/components/database/read-version.ts";
import { DatabaseComponent } from "../../../lambdas/contracts/kinds/database.ts";
import { Identities } from "../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { RegionContext } from "../../../lib/region/region-context.ts";
import type { PolicyDocument } from "../../../lib/region/service-model.ts";
import { kmsService } from "../../../lib/region/services/kms/kms-service.ts";
import type { InstanceSpec } from "../../../lib/region/services/rds/instance-settings.ts";
import { rdsService } from "../../../lib/region/services/rds/rds-service.ts";
import { secretsManagerService } from "../../../lib/region/services/secrets-manager/secrets-manager-service.ts";
import { ssmService } from "../../../lib/region/services/ssm/ssm-service.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";

export const START = Date.parse("2026-11-21T10:03:00.000Z");
export const MINUTE = 60_000;
const account = "123456789012";
const region = "eu-west-1";

export function makeComponent(overrides: Record<string, unknown> = {}): DatabaseComponent {
  return DatabaseComponent.parse({
    kind: "database",
    instance: "prod",
    cutOver: { strategy: "rename" },
    writers: ["api"],
    quarantineSecurityGroup: "sg-0123456789abcdef0",
    ...overrides,
  });
}

/** Nothing around a database speaks against anything. */
export const NOTHING_AROUND: Feasibility["surroundings"] = {
  quotas: [],
  blueGreen: [],
  maintenance: [],
  keyState: undefined,
  missingParameterGroup: undefined,
};

export function makeWish(overrides: Partial<Wish> = {}): Wish {
  return {
    component: "orders",
    part: "go-back",
    target: { at: ago(30) },
    rollbackId: "rb-20261121-100300-aaaaaaaa",
    authorization: "planned",
    checkpoints: [],
    past: [],
    neighbours: {},
    approvalSeconds: 3_600,
    ...overrides,
  };
}

/** Minutes before the story begins, ISO 8601. */
export const ago = (minutes: number) => new Date(START - minutes * MINUTE).toISOString();

/** The simulated databases as the observer looks at them, through real SDK clients. */
export function makeOutlook(spec: Partial<InstanceSpec> = {}) {
  const kernel = new Kernel({ seed: 3, start: START });
  const context: RegionContext = {
    account,
    region,
    kernel,
    emit: () => undefined,
    publishMetric: () => undefined,
    call: () => Promise.reject(new Error("Nobody is called")),
  };
  const kms = kmsService(context);
  const ssm = ssmService(context, { keys: kms.keys });
  const secrets = secretsManagerService(context, { keys: kms.keys });
  const rds = rdsService(context, { securityGroupExists: () => true });
  const identities = new Identities({ kernel, account, region });
  const endpoint = new Endpoint({
    kernel,
    account,
    region,
    identities,
    faults: new FaultPlan(kernel),
    latency: { fromMs: 0, toMs: 0 },
  });
  for (const { model } of [kms, ssm, secrets, rds]) endpoint.add(model);
  const clientsWith = (credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }) => {
    const settings = { region, credentials, maxAttempts: 1, requestHandler: new InProcessHandler(endpoint) };
    return {
      rds: new RDSClient(settings),
      kms: new KMSClient(settings),
      ssm: new SSMClient(settings),
      secrets: new SecretsManagerClient(settings),
      ecs: new ECSClient(settings),
    };
  };
  const clients = clientsWith({ accessKeyId: "operator", secretAccessKey: "any" });
  const prod = rds.databases.install({
    DBInstanceIdentifier: "prod",
    Engine: "postgres",
    EngineVersion: "16.4",
    // Logs reach S3 every five minutes from then on: the latest restorable moment is 10:00.
    since: START - 3 * MINUTE - 30 * 1_440 * MINUTE,
    ...spec,
  });
  const run = <T>(work: () => Promise<T>): Promise<T> => kernel.complete(kernel.activity("test", work));
  const observer = databaseObserver({ ...clients, clock: () => kernel.date() });

  return {
    kernel,
    rds,
    ssm,
    secrets,
    kms,
    prod,
    client: clients.rds,
    run,
    // What the client sends is any command: the overloads of RDSClient.send are the type.
    send: ((command: never) => run(() => clients.rds.send(command))) as RDSClient["send"],
    advance: (ms: number) => kernel.runUntil(kernel.now + ms),
    assess: (wish: Partial<Wish> = {}, component = makeComponent()): Promise<Assessment> =>
      run(() => observer.assess(component, makeWish(wish))),
    /** As a role with this policy and nothing else. */
    assessAs: (policy: PolicyDocument, wish: Partial<Wish>, component: DatabaseComponent) => {
      const assumeRolePolicy: PolicyDocument = {
        Statement: {
          Effect: "Allow",
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      };
      const inlinePolicies = { it: policy };
      const role = identities.createRole({ name: "planner", assumeRolePolicy, inlinePolicies });
      const own = clientsWith(identities.issueCredentials(role, "test"));
      const planner = databaseObserver({ ...own, clock: () => kernel.date() });
      return run(() => planner.assess(component, makeWish(wish)));
    },
    calls: () => endpoint.calls.map(({ service, operation }) => `${service}:${operation}`),
    version: (component = makeComponent()) => run(() => databaseVersionReader(clients)(component)),
    mutations: () => endpoint.calls.filter(({ operation }) => !/^(Describe|Get|List)/.test(operation)),
  };
}
