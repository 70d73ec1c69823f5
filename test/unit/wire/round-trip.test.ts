import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { Identities } from "../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import { Random } from "../../../lib/region/kernel/random.ts";
import { ServiceModel } from "../../../lib/region/service-model.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";
import { type OperationShape, ServiceShape } from "../../../lib/region/wire/service-shape.ts";
import { ownedByClients, sampleValue } from "./sample-value.ts";
import { plainQueueSettings, plainSettings, sdkClients } from "./sdk-clients.ts";

/** Operations that cannot make the round trip, and why. An SDK update that adds to them or heals them shows here. */
const exceptions: Readonly<Record<string, string>> = {
  "logs:GetLogObject": "answers an event stream",
  "logs:StartLiveTail": "answers an event stream",
  "lambda:InvokeWithResponseStream": "answers an event stream",
  "s3:SelectObjectContent": "answers an event stream",
  "s3:ListDirectoryBuckets": "is signed for s3express, a service of its own",
  "s3:WriteGetObjectResponse": "is signed for s3-object-lambda, a service of its own",
  "sts:AssumeRoleWithSAML": "is not signed, so nothing in the request names the service",
  "sts:AssumeRoleWithWebIdentity": "is not signed, so nothing in the request names the service",
};

interface Sender {
  send(command: object): Promise<Record<string, unknown>>;
  readonly config: unknown;
}

describe("every operation of every SDK client", () => {
  it.each(Object.keys(sdkClients))(
    "survives the way from %s's client to the model and back",
    async (service) => {
      const { endpoint, client, shape, exchanged, sdk } = makeEcho(service);

      const failures = new Map<string, string>();
      for (const operation of shape.operations.values()) {
        const Command: unknown = Reflect.get(sdk, `${operation.name}Command`);
        if (typeof Command !== "function") continue;
        const random = new Random(operation.name.length).fork(operation.name);
        const input = sampleValue(operation.input, random);
        exchanged.output = sampleValue(operation.output, random);
        exchanged.input = undefined;
        const answer = await client
          .send(Reflect.construct(Command, [structuredClone(input)]))
          .catch((error: unknown) => ({ error: String(error) }));
        const differences = [
          ...difference(await comparable(input), withoutOwned(await comparable(exchanged.input)), "input"),
          ...difference(await comparable(exchanged.output), withoutOwned(await comparable(answer)), "output"),
        ];
        if (differences.length > 0) failures.set(`${service}:${operation.name}`, differences.join("; "));
      }

      const commands = Object.keys(sdk).flatMap((name) => /^([A-Z].+)Command$/.exec(name)?.[1] ?? []);
      expect([...shape.operations.keys()].sort()).toEqual(commands.sort());
      const unexplained = [...failures].filter(([operation]) => !(operation in exceptions));
      expect(unexplained).toEqual([]);
      const explained = Object.keys(exceptions).filter((operation) => operation.startsWith(`${service}:`));
      expect([...failures.keys()].sort()).toEqual(explained.sort());
      expect(endpoint.bugs).toEqual([]);
    },
  );
});

/** A service that accepts everything and answers what `exchanged` holds. */
function makeEcho(signingName: string) {
  const kernel = new Kernel({ seed: 1, start: Date.parse("2026-11-21T01:02:03Z") });
  const identities = new Identities({ kernel, account: "123456789012", region: "eu-west-1" });
  const faults = new FaultPlan(kernel);
  const latency = { fromMs: 0, toMs: 0 };
  const endpoint = new Endpoint({
    kernel,
    account: "123456789012",
    region: "eu-west-1",
    identities,
    faults,
    latency,
  });
  const found = Object.entries(sdkClients).find(([name]) => name === signingName)?.[1];
  if (!found) throw new Error(`No client for ${signingName}`);
  const client: Sender = Reflect.construct(found.Client, [
    { ...plainSettings(new InProcessHandler(endpoint)), ...(signingName === "sqs" && plainQueueSettings) },
  ]);

  const exchanged: { input: unknown; output: unknown } = { input: undefined, output: undefined };
  const model = new ServiceModel(signingName, found.sdk, client);
  const shape = new ServiceShape(model);
  for (const operation of shape.operations.values()) {
    model.operations.set(operation.name, {
      accepts: memberNames(operation.input),
      authorize: () => [],
      handle(input: unknown) {
        exchanged.input = input;
        return exchanged.output;
      },
    });
  }
  endpoint.add(model);
  return { endpoint, client, shape, exchanged, sdk: found.sdk };
}

function memberNames(schema: OperationShape["input"]): string[] {
  return schema.isStructSchema() ? [...schema.structIterator()].map(([name]) => name) : [];
}

/** The value without metadata and undefined members, with streams read and bytes as plain numbers. */
async function comparable(value: unknown): Promise<unknown> {
  if (value instanceof Date || value === null || typeof value !== "object") return value;
  if (value instanceof Uint8Array) return [...value];
  if (value instanceof String) return String(value);
  if ("transformToByteArray" in value && typeof value.transformToByteArray === "function") {
    return comparable(await value.transformToByteArray());
  }
  if (Array.isArray(value)) return Promise.all(value.map(comparable));
  const members = Object.entries(value).filter(([name, item]) => name !== "$metadata" && item !== undefined);
  return Object.fromEntries(
    await Promise.all(members.map(async ([name, item]) => [name, await comparable(item)] as const)),
  );
}

function withoutOwned(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name]) => !ownedByClients.has(name)));
}

function difference(wanted: unknown, got: unknown, path: string): string[] {
  if (isDeepStrictEqual(wanted, got)) return [];
  if (isRecord(wanted) && isRecord(got)) {
    const names = [...new Set([...Object.keys(wanted), ...Object.keys(got)])];
    return names.flatMap((name) => difference(wanted[name], got[name], `${path}.${name}`));
  }
  return [`${path}: ${JSON.stringify(wanted)?.slice(0, 90)} became ${JSON.stringify(got)?.slice(0, 200)}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
