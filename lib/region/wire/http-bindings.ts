import type { NormalizedSchema } from "@smithy/core/schema";

/** Where each member of a structure travels (https://smithy.io/2.0/spec/http-bindings.html). */
export interface HttpBindings {
  readonly members: readonly HttpBinding[];
  /** The one member that is the whole body. */
  readonly payload: HttpBinding | undefined;
  /** Whether the body is a document of members. */
  readonly hasDocument: boolean;
}

export interface HttpBinding {
  readonly name: string;
  readonly schema: NormalizedSchema;
  readonly place:
    | "label"
    | "query"
    | "queryParams"
    | "header"
    | "prefixHeaders"
    | "status"
    | "payload"
    | "document";
  /** The query parameter's name, or the header's or their prefix in lower case. */
  readonly key: string;
}

/** Every request asks for its operation's bindings, which never change. */
const known = new WeakMap<NormalizedSchema, HttpBindings>();

export function httpBindings(schema: NormalizedSchema): HttpBindings {
  const before = known.get(schema);
  if (before) return before;
  const members = schema.isStructSchema() ? [...schema.structIterator()].map(bindingOf) : [];
  const bindings = {
    members,
    payload: members.find(({ place }) => place === "payload"),
    hasDocument: members.some(({ place }) => place === "document"),
  };
  known.set(schema, bindings);
  return bindings;
}

function bindingOf([name, schema]: readonly [string, NormalizedSchema]): HttpBinding {
  const traits = schema.getMergedTraits();
  const bound = (place: HttpBinding["place"], key = "") => ({ name, schema, place, key });
  if (traits.httpQuery !== undefined) return bound("query", traits.httpQuery);
  if (traits.httpHeader !== undefined) return bound("header", traits.httpHeader.toLowerCase());
  if (traits.httpPrefixHeaders !== undefined) {
    return bound("prefixHeaders", traits.httpPrefixHeaders.toLowerCase());
  }
  if (traits.httpQueryParams) return bound("queryParams");
  if (traits.httpLabel) return bound("label");
  if (traits.httpResponseCode) return bound("status");
  return bound(traits.httpPayload ? "payload" : "document");
}
