/**
 * A module that looks like Node's `name` but does only what is listed: `allow` names exports that are pure, `own` gives
 * replacements; constants stay. Everything else stays importable, because bundles import more than they use, and is an error when used.
 */
export function standInModule(
  name: string,
  {
    allow = [],
    own = {},
  }: { readonly allow?: readonly string[]; readonly own?: Readonly<Record<string, unknown>> },
): Record<string, unknown> {
  const real: object = process.getBuiltinModule(name) ?? {};
  const module: Record<string, unknown> = {};
  for (const [key, property] of Object.entries(Object.getOwnPropertyDescriptors(real))) {
    // Never runs a getter: some load half of Node.
    const data =
      "value" in property && typeof property.value !== "function" && typeof property.value !== "object";
    if (data || key === "constants" || allow.includes(key)) module[key] = Reflect.get(real, key);
    else module[key] = refuse(`${name}.${key}`);
  }
  Object.assign(module, own);
  module["default"] = module;
  return module;
}

/** Something that a function in the region must not use: a function and a class, an error as both. */
export function refuse(what: string): () => never {
  return function refused(): never {
    throw new Error(`${what} is outside the simulated region: the Lambda runtime does not model it`);
  };
}
