import { AwsError } from "../../service-model.ts";

/** One page of a list: the marker is the offset, opaque to callers. Page sizes are 1 to 400 [SDK]. */
export function markerPage<Item>(
  items: readonly Item[],
  {
    Marker,
    PageSize = 400,
  }: { readonly Marker?: string | undefined; readonly PageSize?: number | undefined },
): { readonly items: Item[]; readonly next: { NextMarker?: string } } {
  const from = Marker === undefined ? 0 : Number.parseInt(Marker, 36);
  if (Number.isNaN(from)) throw new AwsError("ValidationError", `'${Marker}' is not a valid marker`);
  if (PageSize < 1 || PageSize > 400) {
    throw new AwsError("ValidationError", `Page size '${PageSize}' must be between 1 and 400`);
  }
  const to = from + PageSize;
  return { items: items.slice(from, to), next: to < items.length ? { NextMarker: to.toString(36) } : {} };
}
