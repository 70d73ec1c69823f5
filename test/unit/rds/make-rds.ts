import {
  DescribeDBInstancesCommand,
  RDSClient,
  RestoreDBInstanceToPointInTimeCommand,
} from "@aws-sdk/client-rds";
import { Identities } from "../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { AwsEvent, RegionContext } from "../../../lib/region/region-context.ts";
import type { PolicyDocument, PolicyStatement } from "../../../lib/region/service-model.ts";
import type { InstanceSpec } from "../../../lib/region/services/rds/instance-settings.ts";
import type { RdsOptions } from "../../../lib/region/services/rds/rds-options.ts";
import { rdsService } from "../../../lib/region/services/rds/rds-service.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";

const account = "123456789012";
const region = "eu-west-1";

export const START = Date.parse("2026-11-21T10:00:00.000Z");
export const MINUTE = 60_000;

export const arnOf = (rest: string) => `arn:aws:rds:${region}:${account}:${rest}`;

/** A production database that differs from every default of a restore. */
const PRODUCTION: InstanceSpec = {
  DBInstanceIdentifier: "prod",
  Engine: "postgres",
  EngineVersion: "16.4",
  DBInstanceClass: "db.m6g.large",
  AllocatedStorage: 100,
  StorageType: "gp3",
  MultiAZ: true,
  DBSubnetGroupName: "prod-subnets",
  VpcSecurityGroupIds: ["sg-prod"],
  DBParameterGroupName: "prod-parameters",
  DeletionProtection: true,
  IAMDatabaseAuthenticationEnabled: true,
  CopyTagsToSnapshot: true,
  EnabledCloudwatchLogsExports: ["postgresql"],
  MonitoringInterval: 60,
  MonitoringRoleArn: `arn:aws:iam::${account}:role/rds-monitoring`,
  PerformanceInsightsEnabled: true,
  PreferredMaintenanceWindow: "sun:03:10-sun:03:40",
  Port: 5433,
  tags: [{ Key: "env", Value: "prod" }],
  passwordLabel: "v1",
  revision: "r1",
  rows: { orders: 1000 },
};

/** A region with RDS alone and the instance `prod`. */
export function makeRds(spec: Partial<InstanceSpec> = {}, options: RdsOptions = {}) {
  const kernel = new Kernel({ seed: 1, start: START });
  const identities = new Identities({ kernel, account, region });
  const events: AwsEvent[] = [];
  const context: RegionContext = {
    account,
    region,
    kernel,
    emit: (event) => events.push(event),
    publishMetric: () => undefined,
    call: () => Promise.reject(new Error("RDS calls nobody")),
  };
  const { model, databases } = rdsService(context, options);
  const faults = new FaultPlan(kernel);
  const latency = { fromMs: 0, toMs: 0 };
  const endpoint = new Endpoint({ kernel, account, region, identities, faults, latency }).add(model);
  const clientWith = (credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }) =>
    new RDSClient({ region, credentials, maxAttempts: 1, requestHandler: new InProcessHandler(endpoint) });
  const client = clientWith({ accessKeyId: "operator", secretAccessKey: "any" });
  const run = <T>(work: () => Promise<T>): Promise<T> => kernel.complete(kernel.activity("test", work));
  // What the client sends is any command: the overloads of RDSClient.send are the type.
  const send = ((command: never) => run(() => client.send(command))) as RDSClient["send"];
  const prod = databases.install({ ...PRODUCTION, ...spec });
  const look = async (resourceId: string) => {
    const Filters = [{ Name: "dbi-resource-id", Values: [resourceId] }];
    const { DBInstances } = await send(new DescribeDBInstancesCommand({ Filters }));
    return DBInstances?.[0];
  };

  return {
    kernel,
    databases,
    events,
    prod,
    hostOfProd: prod.host ?? "",
    send,
    look,
    /** Restores `prod` under a name, to a moment. */
    restore: async (TargetDBInstanceIdentifier: string, RestoreTime: Date, more: object = {}) => {
      const input = {
        SourceDbiResourceId: prod.resourceId,
        TargetDBInstanceIdentifier,
        RestoreTime,
        ...more,
      };
      const { DBInstance } = await send(new RestoreDBInstanceToPointInTimeCommand(input));
      return DBInstance?.DbiResourceId ?? "";
    },
    /** Names and statuses as they follow one another, seen every five seconds, until all is done. */
    statuses: async (resourceId: string, forMs = 40 * MINUTE): Promise<string[]> => {
      const seen: string[] = [];
      for (const end = kernel.now + forMs; kernel.now < end; await kernel.runUntil(kernel.now + 5_000)) {
        const instance = databases.instance(resourceId);
        const line = `${instance?.id} ${instance?.status}`;
        if (seen.at(-1) !== line) seen.push(line);
      }
      return seen;
    },
    advance: (ms: number) => kernel.runUntil(kernel.now + ms),
    /** Sends as a role with these statements alone. */
    as: (name: string, ...statements: Omit<PolicyStatement, "Effect">[]) => {
      const Principal = { Service: "lambda.amazonaws.com" };
      const assumeRolePolicy: PolicyDocument = {
        Statement: { Effect: "Allow", Principal, Action: "sts:AssumeRole" },
      };
      const document: PolicyDocument = {
        Statement: statements.map((statement) => ({ Effect: "Allow" as const, ...statement })),
      };
      const role = identities.createRole({ name, assumeRolePolicy, inlinePolicies: { it: document } });
      const own = clientWith(identities.issueCredentials(role, "test"));
      return ((command: never) => run(() => own.send(command))) as RDSClient["send"];
    },
  };
}
