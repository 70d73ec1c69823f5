import { engineTraits } from "./engine.ts";
import type { InstanceSettings } from "./instance-settings.ts";
import { badCombination } from "./rds-error.ts";

export interface StorageRequest {
  readonly AllocatedStorage?: number | undefined;
  readonly MaxAllocatedStorage?: number | undefined;
  readonly StorageType?: string | undefined;
  readonly Iops?: number | undefined;
  readonly StorageThroughput?: number | undefined;
}

/**
 * What RDS refuses about storage (docs/facts/database.md §0.8, §2). The texts other than gp3's are unverified.
 *
 * @param gp3 whether the database is on gp3 when the request says nothing of the type
 */
export function checkStorage(current: InstanceSettings, request: StorageRequest, gp3: boolean): void {
  const { gp3ThresholdGiB } = engineTraits(current.Engine, current.EngineVersion);
  const size = request.AllocatedStorage ?? current.AllocatedStorage;
  const isGp3 = request.StorageType === undefined ? gp3 : request.StorageType === "gp3";
  const performance = request.Iops !== undefined || request.StorageThroughput !== undefined;
  if (isGp3 && performance && size < gp3ThresholdGiB) {
    throw badCombination(
      `You can't specify IOPS or storage throughput for engine ${current.Engine} and a storage size less than ` +
        `${gp3ThresholdGiB}.`,
    );
  }
  if (isGp3 && gp3ThresholdGiB > 0 && request.Iops !== undefined && request.Iops < 12_000) {
    throw badCombination("The IOPS must be at least 12000 for gp3 volumes of this size.");
  }
  if (
    size < current.AllocatedStorage ||
    (size > current.AllocatedStorage && size < current.AllocatedStorage * 1.1)
  ) {
    throw badCombination("The allocated storage must stay as it is or grow by at least 10 %.");
  }
  if (request.MaxAllocatedStorage !== undefined && request.MaxAllocatedStorage <= size) {
    throw badCombination("Max storage size must be greater than storage size");
  }
}
