import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError, type ServiceModel } from "../../service-model.ts";
import type { LoadBalancers, StoredTargetGroup } from "./load-balancers.ts";
import { markerPage } from "./marker-page.ts";
import { onResource, toDescribe } from "./permissions.ts";

/** A target as whoever registered it knows it; ELB looks at it, it does not own it. */
export interface RegisteredTarget {
  /** The IP address of an `ip` target. */
  readonly id: string;
  readonly port: number;
  readonly state: "initial" | "healthy" | "unhealthy" | "draining";
}

export type TargetsOf = (targetGroupArn: string) => readonly RegisteredTarget[];

/** `deregistration_delay.timeout_seconds`: 0 to 3600, 300 unless told (docs/facts/ecs.md §5). */
export const DEREGISTRATION_DELAY = "deregistration_delay.timeout_seconds";

export function addTargetGroupOperations(
  model: ServiceModel,
  balancers: LoadBalancers,
  targetsOf: TargetsOf,
): void {
  model
    .on(elb.DescribeTargetGroupsCommand, {
      accepts: ["LoadBalancerArn", "TargetGroupArns", "Names", "Marker", "PageSize"],
      authorize: () => toDescribe("DescribeTargetGroups"),
      handle: (input) => {
        const { items, next } = markerPage(selected(balancers, input), input);
        return { TargetGroups: items.map((group) => described(balancers, group)), ...next };
      },
    })
    .on(elb.DescribeTargetHealthCommand, {
      accepts: ["TargetGroupArn", "Targets"],
      authorize: () => toDescribe("DescribeTargetHealth"),
      handle: ({ TargetGroupArn, Targets }) => {
        const { arn } = balancers.targetGroup(TargetGroupArn);
        const used = balancers.loadBalancersOf(arn).length > 0;
        const registered = targetsOf(arn);
        const described = registered.map((target) => describedHealth(target, used));
        if (!Targets) return { TargetHealthDescriptions: described };
        const asked = Targets.map(({ Id, Port }) => {
          const index = registered.findIndex(({ id, port }) => id === Id && (Port ?? port) === port);
          return described[index] ?? notRegistered(Id, Port);
        });
        return { TargetHealthDescriptions: asked };
      },
    });
  addAttributeOperations(model, balancers);
}

function addAttributeOperations(model: ServiceModel, balancers: LoadBalancers): void {
  model
    .on(elb.DescribeTargetGroupAttributesCommand, {
      accepts: ["TargetGroupArn"],
      authorize: () => toDescribe("DescribeTargetGroupAttributes"),
      handle: ({ TargetGroupArn }) => ({ Attributes: attributesOf(balancers.targetGroup(TargetGroupArn)) }),
    })
    .on(elb.ModifyTargetGroupAttributesCommand, {
      accepts: ["TargetGroupArn", "Attributes"],
      authorize: ({ TargetGroupArn }) => [
        onResource(balancers, "ModifyTargetGroupAttributes", TargetGroupArn),
      ],
      handle: ({ TargetGroupArn, Attributes = [] }) => {
        const group = balancers.targetGroup(TargetGroupArn);
        for (const attribute of Attributes) checkAttribute(group, attribute);
        for (const { Key = "", Value = "" } of Attributes) group.attributes.set(Key, Value);
        return { Attributes: attributesOf(group) };
      },
    });
}

/** Only the deregistration delay does anything here, so it alone can be changed; the others can be restated. */
function checkAttribute(group: StoredTargetGroup, { Key = "", Value = "" }: elb.TargetGroupAttribute): void {
  if (group.attributes.get(Key) === Value) return;
  if (Key !== DEREGISTRATION_DELAY) {
    throw new AwsError(
      "NotImplemented",
      `Stepback's simulated region does not model the attribute ${Key}`,
      501,
    );
  }
  if (!/^\d+$/.test(Value) || Number(Value) > 3600) {
    throw new AwsError("ValidationError", `${Key} must be between 0 and 3600 seconds, inclusive`);
  }
}

function attributesOf({ attributes }: StoredTargetGroup): elb.TargetGroupAttribute[] {
  return [...attributes].map(([Key, Value]) => ({ Key, Value }));
}

function selected(
  balancers: LoadBalancers,
  { LoadBalancerArn, TargetGroupArns, Names }: elb.DescribeTargetGroupsInput,
): readonly StoredTargetGroup[] {
  const all = [...balancers.targetGroups.values()];
  if (TargetGroupArns) return TargetGroupArns.map((arn) => balancers.targetGroup(arn));
  if (Names) return Names.map((name) => balancers.targetGroup(all.find((one) => one.name === name)?.arn));
  if (LoadBalancerArn === undefined) return all;
  const { arn } = balancers.loadBalancer(LoadBalancerArn);
  return all.filter((group) => balancers.loadBalancersOf(group.arn).includes(arn));
}

function described(balancers: LoadBalancers, group: StoredTargetGroup): elb.TargetGroup {
  return {
    TargetGroupArn: group.arn,
    TargetGroupName: group.name,
    Protocol: "HTTP",
    Port: group.port,
    VpcId: group.vpcId,
    HealthCheckEnabled: true,
    HealthCheckProtocol: "HTTP",
    HealthCheckPort: "traffic-port",
    HealthCheckPath: group.healthCheckPath,
    HealthCheckIntervalSeconds: group.healthCheckIntervalSeconds,
    HealthyThresholdCount: group.healthyThresholdCount,
    UnhealthyThresholdCount: group.unhealthyThresholdCount,
    LoadBalancerArns: [...balancers.loadBalancersOf(group.arn)],
    TargetType: "ip",
  };
}

/** Reason codes by state: the SDK's documentation of TargetHealth. */
const REASONS = {
  initial: { State: "initial", Reason: "Elb.InitialHealthChecking" },
  healthy: { State: "healthy" },
  unhealthy: { State: "unhealthy", Reason: "Target.ResponseCodeMismatch" },
  draining: { State: "draining", Reason: "Target.DeregistrationInProgress" },
} as const satisfies Record<RegisteredTarget["state"], elb.TargetHealth>;

function describedHealth({ id, port, state }: RegisteredTarget, used: boolean): elb.TargetHealthDescription {
  const TargetHealth = used ? REASONS[state] : ({ State: "unused", Reason: "Target.NotInUse" } as const);
  return { Target: { Id: id, Port: port }, HealthCheckPort: String(port), TargetHealth };
}

function notRegistered(Id: string | undefined, Port: number | undefined): elb.TargetHealthDescription {
  return { Target: { Id, Port }, TargetHealth: { State: "unused", Reason: "Target.NotRegistered" } };
}
