import { Identities } from "../../../lib/region/iam/identities.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { ServiceModel } from "../../../lib/region/service-model.ts";
import type { Latency } from "../../../lib/region/wire/call-pipeline.ts";
import { Endpoint } from "../../../lib/region/wire/endpoint.ts";
import { FaultPlan } from "../../../lib/region/wire/fault-plan.ts";
import { InProcessHandler } from "../../../lib/region/wire/in-process-handler.ts";
import type { WireRequest } from "../../../lib/region/wire/wire-message.ts";
import { plainSettings } from "./sdk-clients.ts";

export const account = "123456789012";
export const start = Date.parse("2026-11-21T01:02:03Z");
const region = "eu-west-1";

/** An endpoint without latency, unless told, and the settings of SDK clients that speak to it. */
export function makeEndpoint(
  services: readonly ServiceModel[],
  { latency = { fromMs: 0, toMs: 0 }, seed = 1 }: { readonly latency?: Latency; readonly seed?: number } = {},
) {
  const kernel = new Kernel({ seed, start });
  const identities = new Identities({ kernel, account, region });
  const faults = new FaultPlan(kernel);
  const endpoint = new Endpoint({ kernel, account, region, identities, faults, latency });
  for (const service of services) endpoint.add(service);
  return { kernel, identities, faults, endpoint, settings: plainSettings(new InProcessHandler(endpoint)) };
}

export function makeRequest(
  overrides: Partial<Omit<WireRequest, "body">> & { readonly service?: string; readonly body?: string },
): WireRequest {
  const { service = "sns", body = "", headers = {}, ...rest } = overrides;
  const authorization = `AWS4-HMAC-SHA256 Credential=any/20261121/${region}/${service}/aws4_request, Signature=0`;
  return {
    method: "POST",
    path: "/",
    query: new URLSearchParams(),
    host: "127.0.0.1:4510",
    ...rest,
    headers: { authorization, ...headers },
    body: Buffer.from(body),
  };
}
