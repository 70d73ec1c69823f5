import * as sdk from "@aws-sdk/client-ssm";
import type { EncryptionKeys } from "../../encryption-keys.ts";
import type { RegionContext } from "../../region-context.ts";
import { AwsError, ServiceModel } from "../../service-model.ts";
import { type InstalledParameter, installParameter } from "./install-parameter.ts";
import { addLabelOperations } from "./label-operations.ts";
import { ParameterPermissions } from "./parameter-permissions.ts";
import { ParameterStore } from "./parameter-store.ts";
import { addReadOperations } from "./read-operations.ts";
import type { SsmWorld } from "./ssm-world.ts";
import { addWriteOperations } from "./write-operations.ts";

/**
 * Systems Manager Parameter Store in the simulated region. Values stay inside: no log line and no event
 * carries one.
 */
export interface Ssm {
  readonly model: ServiceModel;
  /** Creates a parameter that exists since before the story, with its history; answers its ARN. */
  install(parameter: InstalledParameter): string;
  /**
   * What whoever asks for `name`, `name:version` or `name:label` reads now; undefined when there is nothing
   * to read.
   */
  read(nameWithSelector: string): ParameterReading | undefined;
  /** Makes the next changes of a parameter fail with TooManyUpdates. */
  refuseUpdates(name: string, times: number): void;
}

export interface ParameterReading {
  readonly version: number;
  readonly value: string;
  /** Of a SecureString, as it was named when the version was written. */
  readonly keyId: string | undefined;
}

export function ssmService(context: RegionContext, options: { readonly keys: EncryptionKeys }): Ssm {
  const client = new sdk.SSMClient({
    region: context.region,
    credentials: { accessKeyId: "model", secretAccessKey: "model" },
  });
  const store = new ParameterStore(context);
  const { keys } = options;
  const world: SsmWorld = {
    context,
    store,
    keys,
    permissions: new ParameterPermissions(store, keys),
    refusals: new Map(),
  };
  const model = new ServiceModel("ssm", sdk, client);
  addReadOperations(model, world);
  addWriteOperations(model, world);
  addLabelOperations(model, world);
  return {
    model,
    install: (parameter) => installParameter(world, parameter),
    read: (nameWithSelector) => read(world, nameWithSelector),
    refuseUpdates: (name, times) => {
      world.refusals.set(name, times);
    },
  };
}

function read({ store, keys }: SsmWorld, nameWithSelector: string): ParameterReading | undefined {
  try {
    const { number, value, keyId, keyArn } = store.select(nameWithSelector).version;
    if (keyArn !== undefined && !keys.usable(keyArn)) return undefined;
    return { version: number, value, keyId };
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}
