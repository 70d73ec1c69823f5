import { isJsonObject, type Json, type JsonObject } from "../json.ts";
import type { Report } from "./finding.ts";
import { innerGroups } from "./raw-definition.ts";

/** Refuses fields that do not belong, are JSONPath's, are not modelled or have a value of the wrong kind. */
export function checkFields(definition: JsonObject, report: Report): void {
  checkObject(definition, "/", machineFields, report);
  const language = definition["QueryLanguage"];
  checkStates(definition, "", typeof language === "string" ? language : "JSONPath", report);
}

type Kind =
  | "text"
  | "number"
  | "wait"
  | "bool"
  | "true"
  | "any"
  | "object"
  | "list"
  | "texts"
  | "states"
  | "value";
/** `!` marks what must be there. */
type Fields = Readonly<Record<string, Kind | `${Kind}!`>>;

const machineFields: Fields = {
  Comment: "text",
  Version: "text",
  QueryLanguage: "text",
  StartAt: "text!",
  States: "states!",
  TimeoutSeconds: "number",
};
const groupFields: Fields = { Comment: "text", QueryLanguage: "text", StartAt: "text!", States: "states!" };
const every: Fields = { Type: "text!", Comment: "text", QueryLanguage: "text" };
const moving: Fields = { ...every, Next: "text", End: "true", Output: "any", Assign: "object" };
const guarded: Fields = { ...moving, Retry: "list", Catch: "list" };

const stateFields: Readonly<Record<string, Fields>> = {
  Task: {
    ...guarded,
    Resource: "text!",
    Arguments: "value",
    TimeoutSeconds: "wait",
    HeartbeatSeconds: "wait",
  },
  Parallel: { ...guarded, Branches: "list!", Arguments: "any" },
  Map: { ...guarded, ItemProcessor: "object!", Items: "any", ItemSelector: "any", MaxConcurrency: "wait" },
  Choice: { ...every, Choices: "list!", Default: "text", Output: "any", Assign: "object" },
  Wait: { ...moving, Seconds: "wait", Timestamp: "text" },
  Pass: moving,
  Succeed: { ...every, Output: "any" },
  Fail: { ...every, Error: "text", Cause: "text" },
};
const ruleFields: Fields = {
  Condition: "bool!",
  Next: "text!",
  Output: "any",
  Assign: "object",
  Comment: "text",
};
const catchFields: Fields = {
  ErrorEquals: "texts!",
  Next: "text!",
  Output: "any",
  Assign: "object",
  Comment: "text",
};
const retryFields: Fields = {
  ErrorEquals: "texts!",
  IntervalSeconds: "number",
  MaxAttempts: "number",
  BackoffRate: "number",
  MaxDelaySeconds: "number",
  JitterStrategy: "text",
  Comment: "text",
};

/** Not available in JSONata states [AWS transforming-data page: the five fields become Arguments and Output; no `…Path`]. */
const jsonPathFields: ReadonlySet<string> = new Set([
  "InputPath",
  "OutputPath",
  "ResultPath",
  "Parameters",
  "ResultSelector",
  "Result",
  "ItemsPath",
  "SecondsPath",
  "TimestampPath",
  "TimeoutSecondsPath",
  "HeartbeatSecondsPath",
  "MaxConcurrencyPath",
  "ErrorPath",
  "CausePath",
  "Variable",
]);

const unmodelledFields: ReadonlySet<string> = new Set([
  "Credentials",
  "ItemReader",
  "ItemBatcher",
  "ResultWriter",
  "ToleratedFailureCount",
  "ToleratedFailurePercentage",
  "Label",
]);

function checkStates(group: JsonObject, location: string, language: string, report: Report): void {
  const { States } = group;
  if (!isJsonObject(States)) return;
  for (const [name, state] of Object.entries(States)) {
    const at = `${location}/States/${name}`;
    if (!isJsonObject(state)) report.error("invalid-value", at, "A state must be an object");
    else checkState(state, at, language, report);
  }
}

function checkState(state: JsonObject, at: string, language: string, report: Report): void {
  const fields = stateFields[String(state["Type"])];
  if (!fields) {
    report.error("invalid-value", `${at}/Type`, `'${String(state["Type"])}' is not a type of state`);
    return;
  }
  if ((state["QueryLanguage"] ?? language) !== "JSONata") {
    report.error("not-jsonata", at, "The region runs JSONata only: set QueryLanguage to JSONata");
  }
  checkObject(state, at, fields, report);
  const lists = [
    ["Choices", ruleFields],
    ["Catch", catchFields],
    ["Retry", retryFields],
  ] as const;
  for (const [key, inner] of lists) checkList(state[key], `${at}/${key}`, inner, report);
  if (state["Type"] === "Parallel") checkList(state["Branches"], `${at}/Branches`, groupFields, report);
  if (state["Type"] === "Map") checkProcessor(state["ItemProcessor"], `${at}/ItemProcessor`, report);
  if (state["Type"] === "Wait" && "Seconds" in state === "Timestamp" in state) {
    report.error("missing-field", at, "A Wait state has exactly one of Seconds and Timestamp");
  }
  for (const inner of innerGroups({ fields: state, location: at })) {
    checkStates(inner.raw, inner.location, language, report);
  }
}

function checkProcessor(processor: Json | undefined, at: string, report: Report): void {
  if (!isJsonObject(processor)) return;
  checkObject(processor, at, { ...groupFields, ProcessorConfig: "object" }, report);
  const { ProcessorConfig } = processor;
  if (!isJsonObject(ProcessorConfig)) return;
  checkObject(ProcessorConfig, `${at}/ProcessorConfig`, { Mode: "text" }, report);
  if ((ProcessorConfig["Mode"] ?? "INLINE") !== "INLINE") {
    report.error(
      "unmodelled-field",
      `${at}/ProcessorConfig/Mode`,
      "Only Map states in INLINE mode are modelled",
    );
  }
}

function checkList(value: Json | undefined, at: string, fields: Fields, report: Report): void {
  if (!Array.isArray(value)) return;
  if (value.length === 0) report.error("invalid-value", at, "The list must not be empty");
  for (const [index, item] of value.entries()) {
    if (isJsonObject(item)) checkObject(item, `${at}[${index}]`, fields, report);
    else report.error("invalid-value", `${at}[${index}]`, "An object is needed here");
  }
}

function checkObject(value: JsonObject, at: string, fields: Fields, report: Report): void {
  const inside = (key: string) => (at === "/" ? `/${key}` : `${at}/${key}`);
  const missing = Object.keys(fields).filter((key) => fields[key]?.endsWith("!") && !(key in value));
  if (missing.length > 0)
    report.error("missing-field", at, `These fields are required: [${missing.join(", ")}]`);
  for (const [key, field] of Object.entries(value)) {
    const kind = fields[key]?.replace("!", "");
    if (kind === undefined) refuseField(key, inside(key), report);
    else if (!isOfKind(field, kind))
      report.error("invalid-value", inside(key), `The value does not suit ${key}`);
  }
}

function refuseField(key: string, at: string, report: Report): void {
  if (jsonPathFields.has(key) || key.endsWith(".$")) {
    report.error("jsonpath-field", at, `${key} is not available in JSONata states`);
  } else if (unmodelledFields.has(key)) {
    report.error("unmodelled-field", at, `${key} is not modelled in this region`);
  } else report.error("unknown-field", at, `Field '${key}' is not supported here`);
}

function isOfKind(value: Json, kind: string): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "number":
      return typeof value === "number" && value >= 0;
    case "wait":
      return isExpression(value) || (typeof value === "number" && Number.isInteger(value) && value >= 0);
    case "bool":
      return typeof value === "boolean" || isExpression(value);
    case "true":
      return value === true;
    case "object":
      return isJsonObject(value);
    case "states":
      return isJsonObject(value) && Object.keys(value).length > 0;
    case "value":
      return isJsonObject(value) || isExpression(value);
    case "list":
      return Array.isArray(value);
    case "texts":
      return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === "string");
    default:
      return true;
  }
}

function isExpression(value: Json): boolean {
  return typeof value === "string" && value.startsWith("{%") && value.endsWith("%}");
}
