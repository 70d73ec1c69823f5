import { AppConfigClient } from "@aws-sdk/client-appconfig";
import { KMSClient } from "@aws-sdk/client-kms";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SSMClient } from "@aws-sdk/client-ssm";
import { Identities } from "../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { AwsEvent, RegionContext } from "../../../lib/region/region-context.ts";
import type { PolicyStatement } from "../../../lib/region/service-model.ts";
import { appConfigService } from "../../../lib/region/services/appconfig/appconfig-service.ts";
import { kmsService } from "../../../lib/region/services/kms/kms-service.ts";
import { secretsManagerService } from "../../../lib/region/services/secrets-manager/secrets-manager-service.ts";
import { ssmService } from "../../../lib/region/services/ssm/ssm-service.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";

const account = "123456789012";
const region = "eu-west-1";

export const START = Date.UTC(2026, 10, 21, 10);
export const MINUTE = 60_000;
export const DAY = 86_400_000;

/** A region with secrets, parameters, configurations and keys alone; its clients are the operator's, or a role's. */
export function makeConfigurationRegion({ seed = 1 }: { readonly seed?: number } = {}) {
  const kernel = new Kernel({ seed, start: START });
  const identities = new Identities({ kernel, account, region });
  const events: AwsEvent[] = [];
  const alarms = new Map<string, string>();
  const credentials = new Map<string, string>();
  const context: RegionContext = {
    account,
    region,
    kernel,
    emit: (event) => events.push(event),
    publishMetric: () => undefined,
    call: () => Promise.reject(new Error("These services call nobody")),
  };
  const kms = kmsService(context);
  const { keys } = kms;
  const secrets = secretsManagerService(context, {
    keys,
    credentialChanged: (secret, meaning) => credentials.set(secret, meaning),
  });
  const ssm = ssmService(context, { keys });
  const appconfig = appConfigService(context, { alarmState: (arn) => alarms.get(arn) });
  const latency = { fromMs: 0, toMs: 0 };
  const endpoint = new Endpoint({
    kernel,
    account,
    region,
    identities,
    faults: new FaultPlan(kernel),
    latency,
  });
  for (const { model } of [kms, secrets, ssm, appconfig]) endpoint.add(model);

  const clientsWith = (keyPair: { readonly accessKeyId: string; readonly secretAccessKey: string }) => {
    const settings = {
      region,
      credentials: keyPair,
      maxAttempts: 1,
      requestHandler: new InProcessHandler(endpoint),
    };
    return {
      kms: new KMSClient(settings),
      secrets: new SecretsManagerClient(settings),
      ssm: new SSMClient(settings),
      appconfig: new AppConfigClient(settings),
    };
  };
  return {
    kernel,
    kms,
    secrets,
    ssm,
    appconfig,
    events,
    /** Alarm ARN → state, for AppConfig's monitors. */
    alarms,
    /** Secret → what its credential is worth since the last rotation. */
    credentials,
    operator: clientsWith({ accessKeyId: "operator", secretAccessKey: "any" }),
    /** Clients of a role with these statements. */
    roleWith: (name: string, ...Statement: readonly PolicyStatement[]) => {
      const assumeRolePolicy = {
        Statement: {
          Effect: "Allow" as const,
          Principal: { Service: "lambda.amazonaws.com" },
          Action: "sts:AssumeRole",
        },
      };
      const role = identities.createRole({ name, assumeRolePolicy, inlinePolicies: { it: { Statement } } });
      return clientsWith({ ...identities.issueCredentials(role, "test") });
    },
    /** Runs the clock until the work is done. */
    run: <T>(work: () => Promise<T>): Promise<T> => kernel.complete(kernel.activity("test", work)),
    pass: (ms: number): Promise<void> => kernel.runUntil(kernel.now + ms),
  };
}

export function allow(
  action: string | readonly string[],
  resource: string | readonly string[],
  condition?: PolicyStatement["Condition"],
): PolicyStatement {
  return {
    Effect: "Allow",
    Action: action,
    Resource: resource,
    ...(condition && { Condition: condition }),
  };
}
