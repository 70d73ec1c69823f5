/** The epoch in a parameter's value: a whole number that can be counted on; undefined for anything else. */
export function epochIn(value: string): number | undefined {
  if (!/^\d{1,15}$/.test(value)) return undefined;
  return Number(value);
}
