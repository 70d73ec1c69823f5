import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { RegionContext, VendedMetric } from "../../../lib/region/region-context.ts";
import type {
  AwsError,
  Call,
  OperationModel,
  Principal,
  ServiceModel,
} from "../../../lib/region/service-model.ts";

export interface RecordedCall {
  readonly at: number;
  readonly principal: Principal;
  readonly service: string;
  readonly operation: string;
  readonly input: Record<string, unknown>;
}

/** 2026-11-21T10:00:00Z */
export const START = Date.UTC(2026, 10, 21, 10);

/**
 * A literal region: calls go to the models that were added (without authorisation), everything else answers
 * with an empty output, and `refuse` makes the calls of an operation fail until `refusal` gives nothing any
 * more.
 */
export function makeRegion({ seed = 1 }: { readonly seed?: number } = {}) {
  const kernel = new Kernel({ seed, start: START });
  const calls: RecordedCall[] = [];
  const metrics: VendedMetric[] = [];
  const models = new Map<string, ServiceModel>();
  const refusals = new Map<string, () => AwsError | undefined>();
  const context: RegionContext = {
    account: "111122223333",
    region: "eu-central-1",
    kernel,
    emit: () => undefined,
    publishMetric: (metric) => metrics.push(metric),
    call: async (principal, service, operation, input) => {
      calls.push({ at: kernel.now, principal, service, operation, input: { ...input } });
      const refusal = refusals.get(`${service}:${operation}`)?.();
      if (refusal) throw refusal;
      const model = models.get(service);
      return model ? { ...(await invoke(model, operation, input, principal)) } : {};
    },
  };
  return {
    context,
    kernel,
    calls,
    metrics,
    add: (model: ServiceModel) => models.set(model.signingName, model),
    refuse: (operation: string, refusal: () => AwsError | undefined) => refusals.set(operation, refusal),
    callsTo: (operation: string) => calls.filter((call) => `${call.service}:${call.operation}` === operation),
    countOf: (metricName: string) =>
      metrics.filter((metric) => metric.metricName === metricName).reduce((sum, { value }) => sum + value, 0),
  };
}

/** Runs an operation's handler as the wire layer would after decoding and authorising. */
export async function invoke(
  model: ServiceModel,
  operation: string,
  input: object,
  principal: Principal = { type: "role", arn: "arn:aws:iam::111122223333:role/tester", session: "test" },
): Promise<Record<string, unknown>> {
  const call: Call = { service: model.signingName, operation, principal, requestId: "request" };
  return { ...Object(await operationOf(model, operation).handle(input, call)) };
}

/** The permissions that an operation asks for. */
export function permissionsOf(model: ServiceModel, operation: string, input: object) {
  const principal: Principal = { type: "role", arn: "arn:aws:iam::111122223333:role/tester" };
  const call: Call = { service: model.signingName, operation, principal, requestId: "request" };
  return operationOf(model, operation).authorize(input, call);
}

export async function createResource(
  model: ServiceModel,
  type: string,
  properties: Readonly<Record<string, unknown>>,
) {
  const resource = model.resources.get(type);
  if (!resource) throw new Error(`${model.signingName} provides no ${type}`);
  return resource.create("Logical", properties);
}

function operationOf(model: ServiceModel, operation: string): OperationModel<object, unknown> {
  const found = model.operations.get(operation);
  if (!found) throw new Error(`${model.signingName} models no ${operation}`);
  // The map forgets every operation's own input type; the tests write the inputs out in full.
  return found as unknown as OperationModel<object, unknown>;
}
