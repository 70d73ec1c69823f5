import { parse } from "yaml";
import { AwsError } from "../../service-model.ts";
import type { AppSpecNetwork } from "./codedeploy-options.ts";

/** What an AppSpec asks of an ECS service. */
export interface AppSpec {
  readonly taskDefinition: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly platformVersion: string | undefined;
  readonly networkConfiguration: AppSpecNetwork | undefined;
}

/**
 * Reads the AppSpec of an ECS deployment, YAML or JSON [CodeDeploy reference-appspec-file-structure-resources;
 * docs/facts/ecs.md §2.5]. What is not well-formed is InvalidRevisionException; its texts are unverified.
 */
export function readAppSpec(content: string): AppSpec {
  const document = fieldsOf(parsed(content), "The AppSpec");
  const strange = Object.keys(document).find((name) => !["version", "Resources", "Hooks"].includes(name));
  if (strange !== undefined) refuse(`The AppSpec has an unknown section ${strange}.`);
  if (Number(document["version"]) !== 0) refuse("The AppSpec version must be 0.0.");
  const hooks = document["Hooks"];
  if (Array.isArray(hooks) ? hooks.length > 0 : hooks !== undefined && hooks !== null) {
    throw new AwsError("NotImplemented", "The simulated region does not model AppSpec hooks", 501);
  }
  const resources = document["Resources"];
  if (!Array.isArray(resources) || resources.length !== 1) {
    refuse("The AppSpec of an ECS deployment must have exactly one resource.");
  }
  const [target] = Object.values(fieldsOf(resources[0], "The resource"));
  const { Type, Properties } = fieldsOf(target, "The resource");
  if (Type !== "AWS::ECS::Service") refuse("The resource's Type must be AWS::ECS::Service.");
  return readProperties(fieldsOf(Properties, "Properties"));
}

function readProperties(properties: Fields): AppSpec {
  if (properties["CapacityProviderStrategy"] !== undefined) {
    const text = "The simulated region does not model CapacityProviderStrategy of an AppSpec";
    throw new AwsError("NotImplemented", text, 501);
  }
  const balancer = fieldsOf(properties["LoadBalancerInfo"], "LoadBalancerInfo");
  const port = balancer["ContainerPort"];
  if (!Number.isInteger(Number(port)) || port === null || port === undefined) {
    refuse("LoadBalancerInfo.ContainerPort must be a number.");
  }
  const platformVersion = properties["PlatformVersion"];
  return {
    taskDefinition: textOf(properties["TaskDefinition"], "TaskDefinition"),
    containerName: textOf(balancer["ContainerName"], "LoadBalancerInfo.ContainerName"),
    containerPort: Number(port),
    platformVersion: platformVersion === undefined ? undefined : textOf(platformVersion, "PlatformVersion"),
    networkConfiguration: readNetwork(properties["NetworkConfiguration"]),
  };
}

function readNetwork(value: unknown): AppSpecNetwork | undefined {
  if (value === undefined) return undefined;
  const network = fieldsOf(value, "NetworkConfiguration");
  const vpc = fieldsOf(network["AwsvpcConfiguration"], "AwsvpcConfiguration");
  const assignPublicIp = vpc["AssignPublicIp"];
  return {
    awsvpcConfiguration: {
      subnets: textsOf(vpc["Subnets"], "Subnets"),
      securityGroups: textsOf(vpc["SecurityGroups"] ?? [], "SecurityGroups"),
      ...(assignPublicIp === "ENABLED" || assignPublicIp === "DISABLED" ? { assignPublicIp } : {}),
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** JSON is YAML, so one parser reads both. */
function parsed(content: string): unknown {
  try {
    return parse(content);
  } catch {
    return refuse("The AppSpec is neither YAML nor JSON.");
  }
}

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return refuse(`${name} must be a map.`);
  }
  return Object.fromEntries(Object.entries(value));
}

function textOf(value: unknown, name: string): string {
  return typeof value === "string" && value !== "" ? value : refuse(`${name} must be a text.`);
}

function textsOf(value: unknown, name: string): string[] {
  return Array.isArray(value) ? value.map((item) => textOf(item, name)) : refuse(`${name} must be a list.`);
}

function refuse(message: string): never {
  throw new AwsError("InvalidRevisionException", message);
}
