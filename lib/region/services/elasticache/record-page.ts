import { AwsError } from "../../service-model.ts";

/** One page of a list: the marker is the offset, opaque to callers. "Minimum 20", and a maximum of each operation [SDK]. */
export function recordPage<Item>(
  items: readonly Item[],
  { Marker, MaxRecords }: { readonly Marker?: string | undefined; readonly MaxRecords?: number | undefined },
  maximum: 50 | 100,
): { readonly items: Item[]; readonly next: { Marker?: string } } {
  const from = Marker === undefined ? 0 : Number.parseInt(Marker, 36);
  if (Number.isNaN(from)) throw new AwsError("InvalidParameterValueException", `Invalid marker ${Marker}`);
  if (MaxRecords !== undefined && (MaxRecords < 20 || MaxRecords > maximum)) {
    throw new AwsError("InvalidParameterValueException", `MaxRecords must be between 20 and ${maximum}`);
  }
  const to = from + (MaxRecords ?? maximum);
  return { items: items.slice(from, to), next: to < items.length ? { Marker: to.toString(36) } : {} };
}
