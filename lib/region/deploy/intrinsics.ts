import { intrinsicOf, SUBSTITUTION } from "./template.ts";

/** Where the values of a template come from. */
export interface Scope {
  /** The value of a parameter, a pseudo parameter or a resource. `AWS::NoValue` is undefined. */
  ref(name: string): unknown;
  attribute(resource: string, attribute: string): string;
  condition(name: string): boolean;
  mapped(map: string, first: string, second: string): unknown;
}

/**
 * A template value with its functions replaced by what they yield. A property that is `AWS::NoValue` is left out.
 * Functions that the region does not model are errors.
 */
export function resolveValue(value: unknown, scope: Scope): unknown {
  const intrinsic = intrinsicOf(value);
  if (intrinsic) return resolveIntrinsic(intrinsic[0], intrinsic[1], scope);
  if (Array.isArray(value))
    return value.map((item) => resolveValue(item, scope)).filter((item) => item !== undefined);
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value).map(
      ([name, member]) => [name, resolveValue(member, scope)] as const,
    );
    return Object.fromEntries(members.filter(([, member]) => member !== undefined));
  }
  if (typeof value === "string" && value.includes("{{resolve:")) {
    throw new Error(`The region does not model dynamic references: ${value}`);
  }
  return value;
}

/** The value of a condition: `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not` or `Condition`. */
export function resolveCondition(value: unknown, scope: Scope): boolean {
  const [name = "", argument] = intrinsicOf(value) ?? [];
  switch (name) {
    case "Condition":
      return scope.condition(String(argument));
    case "Fn::Equals": {
      const [left, right] = list(argument, name).map((item) => String(resolveValue(item, scope)));
      return left === right;
    }
    case "Fn::And":
      return list(argument, name).every((item) => resolveCondition(item, scope));
    case "Fn::Or":
      return list(argument, name).some((item) => resolveCondition(item, scope));
    case "Fn::Not":
      return !resolveCondition(list(argument, name)[0], scope);
    default:
      throw new Error(`No condition function: ${JSON.stringify(value)}`);
  }
}

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => scope.ref(String(argument)),
  "Fn::GetAtt": (argument, scope) => {
    const [resource, attribute] = attributePath(argument);
    return scope.attribute(resource, String(resolveValue(attribute, scope)));
  },
  "Fn::Join": (argument, scope) => {
    const [separator, items] = list(argument, "Fn::Join");
    return list(resolveValue(items, scope), "Fn::Join").map(String).join(String(separator));
  },
  "Fn::Sub": substitute,
  "Fn::Select": (argument, scope) => {
    const [index, items] = list(resolveValue(argument, scope), "Fn::Select");
    const selected = list(items, "Fn::Select")[Number(index)];
    if (selected === undefined)
      throw new Error(`Fn::Select has no item ${index} in ${JSON.stringify(items)}`);
    return selected;
  },
  "Fn::Split": (argument, scope) => {
    const [separator, text] = list(resolveValue(argument, scope), "Fn::Split");
    return String(text).split(String(separator));
  },
  "Fn::If": (argument, scope) => {
    const [condition, yes, no] = list(argument, "Fn::If");
    return resolveValue(scope.condition(String(condition)) ? yes : no, scope);
  },
  "Fn::FindInMap": (argument, scope) => {
    const [map, first, second] = list(resolveValue(argument, scope), "Fn::FindInMap").map(String);
    return scope.mapped(map ?? "", first ?? "", second ?? "");
  },
  "Fn::Base64": (argument, scope) => Buffer.from(String(resolveValue(argument, scope))).toString("base64"),
};

function resolveIntrinsic(name: string, argument: unknown, scope: Scope): unknown {
  const intrinsic = INTRINSICS[name];
  if (!intrinsic) throw new Error(`The region does not model ${name}: ${JSON.stringify(argument)}`);
  return intrinsic(argument, scope);
}

function substitute(argument: unknown, scope: Scope): string {
  const [text, own] = typeof argument === "string" ? [argument, {}] : list(argument, "Fn::Sub");
  const values = new Map(Object.entries(own ?? {}));
  return String(text).replace(SUBSTITUTION, (_whole, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (values.has(name)) return String(resolveValue(values.get(name), scope));
    if (!name.includes(".")) return String(scope.ref(name));
    return scope.attribute(...splitPath(name));
  });
}

/** `["Table", "Arn"]` or `"Table.Arn"`. */
function attributePath(argument: unknown): readonly [resource: string, attribute: unknown] {
  if (typeof argument === "string") return splitPath(argument);
  const [resource, attribute] = list(argument, "Fn::GetAtt");
  return [String(resource), attribute];
}

export function splitPath(path: string): [resource: string, attribute: string] {
  const dot = path.indexOf(".");
  return [path.slice(0, dot), path.slice(dot + 1)];
}

function list(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${name} takes a list, not ${JSON.stringify(value)}`);
}
