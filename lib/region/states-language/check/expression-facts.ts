import jsonata from "jsonata";
import { jsonataMessage } from "../expression.ts";
import { addedFunctions } from "../expression-functions.ts";
import { isJsonObject, type Json } from "../json.ts";
import { expressionIn } from "../template.ts";

/** What one string of a template is, as far as one can tell without running it. */
export interface ExpressionFacts {
  /** Where it stands below the field: `/Entries[0]/Detail`; empty for the field itself. */
  readonly path: string;
  readonly source: string;
  /** Why it is no JSONata of version 2.0.6, or `stray` for `{%` in the middle of a text. */
  readonly problem?: { readonly kind: "syntax" | "stray"; readonly message: string };
  /** Workflow variables it reads. */
  readonly variables: ReadonlySet<string>;
  readonly unknownFunctions: ReadonlySet<string>;
  /** First members of `$states` that it reads: `input`, `result` … */
  readonly statesMembers: ReadonlySet<string>;
  readonly readsTaskToken: boolean;
  /** It looks at `$`, `$$` or a bare name where there is no input document: always nothing. */
  readonly readsNothing: boolean;
}

/** The facts of every expression in a template, at any depth. Literal strings without `{%` have none. */
export function expressionFactsIn(template: Json, path = ""): readonly ExpressionFacts[] {
  if (Array.isArray(template)) {
    return template.flatMap((item: Json, index) => expressionFactsIn(item, `${path}[${index}]`));
  }
  if (isJsonObject(template)) {
    return Object.entries(template).flatMap(([key, item]) => expressionFactsIn(item, `${path}/${key}`));
  }
  return typeof template === "string" ? factsOf(template, path) : [];
}

function factsOf(text: string, path: string): readonly ExpressionFacts[] {
  const source = expressionIn(text);
  if (source === undefined) {
    if (!text.includes("{%") && !text.includes("%}")) return [];
    const message = "An expression must fill the whole string, from {% to %}";
    return [{ ...nothingKnown, path, source: text, problem: { kind: "stray", message } }];
  }
  try {
    return [{ path, source, ...analysed(jsonata(source).ast()) }];
  } catch (error) {
    return [{ ...nothingKnown, path, source, problem: { kind: "syntax", message: jsonataMessage(error) } }];
  }
}

const nothingKnown = {
  variables: new Set<string>(),
  unknownFunctions: new Set<string>(),
  statesMembers: new Set<string>(),
  readsTaskToken: false,
  readsNothing: false,
} as const;

type Analysis = Omit<ExpressionFacts, "path" | "source" | "problem">;

function analysed(ast: unknown): Analysis {
  const walk = new Walk();
  walk.visit(ast, true);
  const variables = new Set(
    [...walk.read].filter((name) => !walk.bound.has(name) && !functionNames.has(name)),
  );
  const unknownFunctions = new Set(
    [...walk.called].filter((name) => !walk.bound.has(name) && !functionNames.has(name)),
  );
  for (const name of unknownFunctions) variables.delete(name);
  if (walk.read.has("eval")) unknownFunctions.add("eval");
  const { statesMembers, readsTaskToken, readsNothing } = walk;
  return { variables, unknownFunctions, statesMembers, readsTaskToken, readsNothing };
}

/**
 * Walks the syntax tree of jsonata 2.0.6. Names bound anywhere in the expression count as bound everywhere in it:
 * a use outside their block is found when it runs, not here.
 */
class Walk {
  readonly read = new Set<string>();
  readonly called = new Set<string>();
  readonly bound = new Set<string>();
  readonly statesMembers = new Set<string>();
  readsTaskToken = false;
  readsNothing = false;

  /** @param atRoot whether the node is evaluated against the (absent) input document, not against a path's item */
  visit(node: unknown, atRoot: boolean): void {
    if (Array.isArray(node)) for (const item of node) this.visit(item, atRoot);
    if (!isNode(node)) return;
    for (const binding of [node["focus"], node["index"]])
      if (typeof binding === "string") this.bound.add(binding);
    switch (node["type"]) {
      case "variable":
        this.#variable(node, atRoot);
        return;
      case "path":
        this.#path(node, atRoot);
        return;
      case "name":
        this.readsNothing ||= atRoot;
        break;
      case "bind":
        this.#bind(node["lhs"]);
        this.visit(node["rhs"], atRoot);
        return;
      case "lambda":
        this.#bind(node["arguments"]);
        break;
      case "function":
      case "partial":
        this.#call(node["procedure"]);
        break;
    }
    this.#inner(node, atRoot);
  }

  #variable(node: Node, atRoot: boolean): void {
    const name = String(node["value"]);
    if (name === "" || name === "$") this.readsNothing ||= atRoot || name === "$";
    else if (name !== "states") this.read.add(name);
    this.#inner(node, atRoot);
  }

  #path(node: Node, atRoot: boolean): void {
    const steps = Array.isArray(node["steps"]) ? node["steps"].filter(isNode) : [];
    const [first, ...rest] = steps;
    if (first?.["type"] === "variable" && first["value"] === "states") {
      const members = rest.map((step) => (step["type"] === "name" ? String(step["value"]) : "*"));
      if (members[0] !== undefined && members[0] !== "*") this.statesMembers.add(members[0]);
      if (members.slice(0, 2).join(".") === "context.Task") this.readsTaskToken = true;
    }
    this.visit(first, atRoot);
    for (const step of rest) this.visit(step, false);
    this.visit(node["group"], false);
  }

  /** Filters, sort terms and groups are evaluated against items; everything else where its parent is. */
  #inner(node: Node, atRoot: boolean): void {
    for (const [key, child] of Object.entries(node)) {
      if (key === "arguments" && node["type"] === "lambda") continue;
      const onItems = ["stages", "predicate", "terms", "group", "update", "delete", "expr"].includes(key);
      if (typeof child === "object") this.visit(child, atRoot && !onItems);
    }
  }

  #bind(targets: unknown): void {
    for (const target of Array.isArray(targets) ? targets : [targets]) {
      if (isNode(target) && target["type"] === "variable") this.bound.add(String(target["value"]));
    }
  }

  #call(procedure: unknown): void {
    if (isNode(procedure) && procedure["type"] === "variable") this.called.add(String(procedure["value"]));
  }
}

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The functions of jsonata 2.0.6 (its `staticFrame`), without `eval`, and those that Step Functions adds. */
const functionNames: ReadonlySet<string> = new Set([
  ...addedFunctions,
  ..."sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim".split(
    " ",
  ),
  ..."pad match contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil".split(
    " ",
  ),
  ..."round abs sqrt power boolean not map zip filter single reduce sift keys lookup append exists spread".split(
    " ",
  ),
  ..."merge reverse each error assert type sort shuffle distinct base64encode base64decode encodeUrlComponent".split(
    " ",
  ),
  ..."encodeUrl decodeUrlComponent decodeUrl toMillis fromMillis clone now millis".split(" "),
]);
