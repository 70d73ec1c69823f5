import type { Filter } from "@aws-sdk/client-rds";
import { badValue } from "./rds-error.ts";

/** One page of a list; the marker is the offset, opaque to callers. MaxRecords is 20 to 100, 100 unless told. */
export function page<Item>(
  items: readonly Item[],
  {
    Marker,
    MaxRecords = 100,
  }: { readonly Marker?: string | undefined; readonly MaxRecords?: number | undefined },
): { readonly items: Item[]; readonly Marker?: string } {
  if (MaxRecords < 20 || MaxRecords > 100) {
    throw badValue(`Invalid value ${MaxRecords} for MaxRecords. Must be between 20 and 100`);
  }
  const from = Marker === undefined ? 0 : Number.parseInt(Marker, 36);
  if (Number.isNaN(from)) throw badValue("Invalid Marker");
  const to = from + MaxRecords;
  return { items: items.slice(from, to), ...(to < items.length && { Marker: to.toString(36) }) };
}

/** Keeps the items that match every filter; a filter name that is not in `fields` is refused, as AWS does. */
export function filtered<Item>(
  items: readonly Item[],
  filters: readonly Filter[] | undefined,
  fields: Readonly<Record<string, (item: Item) => readonly (string | undefined)[]>>,
): Item[] {
  return (filters ?? []).reduce<Item[]>(
    (kept, { Name = "", Values = [] }) => {
      const field = fields[Name];
      if (!field) throw badValue(`Unrecognized filter name: ${Name}`);
      return kept.filter((item) =>
        field(item).some((value) => value !== undefined && Values.includes(value)),
      );
    },
    [...items],
  );
}
