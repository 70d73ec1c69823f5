import "@aws-sdk/signature-v4a";
import { CloudFrontKeyValueStoreClient } from "@aws-sdk/client-cloudfront-keyvaluestore";
import { Identities } from "../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { RegionContext } from "../../../lib/region/region-context.ts";
import { keyValueStoreService } from "../../../lib/region/services/cloudfront-keyvaluestore/key-value-store-service.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";

const account = "123456789012";
const region = "eu-west-1";

/** A region with KeyValueStore alone, one store, and the operator's client. */
export function makeKeyValueStores({ seed = 1, items = {} as Record<string, string> } = {}) {
  const kernel = new Kernel({ seed, start: Date.parse("2026-11-21T10:00:00.000Z") });
  const identities = new Identities({ kernel, account, region });
  const context: RegionContext = {
    account,
    region,
    kernel,
    emit: () => undefined,
    publishMetric: () => undefined,
    call: () => Promise.reject(new Error("KeyValueStore calls nobody")),
  };
  const stores = keyValueStoreService(context);
  const faults = new FaultPlan(kernel);
  const latency = { fromMs: 0, toMs: 0 };
  const endpoint = new Endpoint({ kernel, account, region, identities, faults, latency }).add(stores.model);
  const store = stores.create({ release: "r1", ...items });
  const clientWith = (
    credentials = { accessKeyId: "operator", secretAccessKey: "any" },
    more: { readonly endpoint?: string } = {},
  ) =>
    new CloudFrontKeyValueStoreClient({
      region,
      credentials,
      maxAttempts: 1,
      requestHandler: new InProcessHandler(endpoint),
      ...more,
    });
  return {
    kernel,
    identities,
    endpoint,
    stores,
    store,
    KvsARN: store.arn,
    clientWith,
    client: clientWith(),
    /** Runs the clock until the work is done. */
    run: <T>(work: () => Promise<T>): Promise<T> => kernel.complete(kernel.activity("test", work)),
  };
}
