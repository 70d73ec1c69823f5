import { Boardroom, type BoardroomOptions } from "../../../lib/region/application/boardroom.ts";
import { type Installation, installBoardroom } from "../../../lib/region/application/install-boardroom.ts";
import { Kernel } from "../../../lib/region/kernel/kernel.ts";
import type { RegionContext, VendedMetric } from "../../../lib/region/region-context.ts";
import type { OperationModel } from "../../../lib/region/service-model.ts";
import { ecrService } from "../../../lib/region/services/ecr/ecr-service.ts";
import { ecsService } from "../../../lib/region/services/ecs/ecs-service.ts";

export interface InstalledBoardroom extends Installation {
  readonly kernel: Kernel;
  readonly metrics: VendedMetric[];
  forSeconds(seconds: number): Promise<void>;
}

/** Boardroom, installed in a region of ECS and ECR, its users inside. */
export async function makeBoardroom(
  options: BoardroomOptions & Pick<Installation, "deploymentConfiguration"> & { readonly seed?: number } = {},
): Promise<InstalledBoardroom> {
  const kernel = new Kernel({ seed: options.seed ?? 3, start: Date.UTC(2026, 10, 21, 9, 0, 0) });
  const metrics: VendedMetric[] = [];
  const context: RegionContext = {
    account: "123456789012",
    region: "eu-west-1",
    kernel,
    emit: () => undefined,
    publishMetric: (metric) => metrics.push(metric),
    call: () => Promise.reject(new Error("nothing in this region calls on behalf of another")),
  };
  const boardroom = new Boardroom(context, options);
  const ecr = ecrService(context);
  const ecs = ecsService(context, boardroom, {
    images: ecr.images,
    targetGroup: (arn) => boardroom.targetGroup(arn),
    alarmStateOf: () => undefined,
  });
  const call: Installation["call"] = async (service, operation, input) => {
    const { operations } = service === "ecs" ? ecs.model : ecr.model;
    // The map holds operations of every shape.
    const found = operations.get(operation) as OperationModel<object, object> | undefined;
    if (!found) throw new Error(`${service}:${operation} is not modelled`);
    const principal = { arn: "arn:aws:iam::123456789012:role/operator", type: "role" } as const;
    return { ...(await found.handle(input, { service, operation, principal, requestId: "test" })) };
  };
  const { deploymentConfiguration } = options;
  const installation: Installation = {
    context,
    call,
    boardroom,
    ecs,
    ecr,
    ...(deploymentConfiguration === undefined ? {} : { deploymentConfiguration }),
  };
  await kernel.complete(installBoardroom(installation));
  return {
    ...installation,
    kernel,
    metrics,
    forSeconds: (seconds) => kernel.runUntil(kernel.now + seconds * 1000),
  };
}
