import { NormalizedSchema } from "@smithy/core/schema";
import type { $SchemaRef, SchemaTraitsObject, StaticErrorSchema, StaticOperationSchema } from "@smithy/types";
import type { ServiceModel } from "../service-model.ts";
import { type RestRoute, restRoute } from "./rest-route.ts";

/** The wire protocols that AWS clients speak; one service may be spoken to in several. */
export type Protocol =
  | "awsJson1_0"
  | "awsJson1_1"
  | "awsQuery"
  | "ec2Query"
  | "restXml"
  | "restJson1"
  | "rpcv2Cbor";

export interface OperationShape {
  readonly name: string;
  readonly namespace: string;
  readonly traits: SchemaTraitsObject;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Only in services that have REST bindings. */
  readonly route: RestRoute | undefined;
}

export interface ErrorShape {
  readonly name: string;
  readonly traits: SchemaTraitsObject;
  readonly schema: NormalizedSchema;
  /** The code on the wire in awsQuery, and its status. */
  readonly query: readonly [code: string, status: number] | undefined;
}

/**
 * What a service looks like on the wire, read from the schemas that its SDK client exports.
 *
 * The layout of those schemas (`[9, namespace, name, traits, input, output]` for an operation, `[-3, …]` for an
 * error) is `@public` in @smithy/types; `test/unit/wire/round-trip.test.ts` notices when an SDK update changes it.
 */
export class ServiceShape {
  readonly signingName: string;
  readonly protocol: Protocol;
  readonly namespace: string;
  readonly xmlNamespace: string | undefined;
  /** JSON or CBOR answers also carry the error code of the service's former awsQuery protocol. */
  readonly queryCompatible: boolean;
  readonly operations = new Map<string, OperationShape>();
  readonly #errors = new Map<string, ErrorShape>();

  constructor({ signingName, sdk, client }: Pick<ServiceModel, "signingName" | "sdk" | "client">) {
    // Every SDK client's configuration has these two; `ServiceModel` leaves them untyped on purpose.
    const { protocol, protocolSettings } = client.config as ClientConfiguration;
    this.signingName = signingName;
    this.protocol = protocolNamed(protocol.getShapeId());
    this.namespace = protocolSettings.defaultNamespace;
    this.xmlNamespace = protocolSettings.xmlNamespace;
    this.queryCompatible = protocolSettings.awsQueryCompatible === true;
    for (const exported of Object.values(sdk)) {
      if (isOperation(exported)) this.#addOperation(exported);
      else if (isError(exported)) this.#addError(exported);
    }
  }

  /** The modelled error of that shape name or awsQuery code. */
  error(code: string): ErrorShape | undefined {
    return this.#errors.get(code);
  }

  #addOperation([, namespace, name, rawTraits, input, output]: StaticOperationSchema): void {
    const traits = traitsOf(rawTraits);
    const shapes = { input: schemaOf(input), output: schemaOf(output) };
    const route = traits.http && restRoute(traits.http, shapes.input, this.signingName === "s3");
    this.operations.set(name, { name, namespace, traits, ...shapes, route });
  }

  #addError(schema: StaticErrorSchema): void {
    const name = schema[2];
    const traits = traitsOf(schema[3]);
    const shape = { name, traits, schema: schemaOf(schema), query: queryErrorOf(traits) };
    this.#errors.set(name, shape);
    if (shape.query && !this.#errors.has(shape.query[0])) this.#errors.set(shape.query[0], shape);
  }
}

interface ClientConfiguration {
  readonly protocol: { getShapeId(): string };
  readonly protocolSettings: {
    readonly defaultNamespace: string;
    readonly xmlNamespace?: string;
    readonly awsQueryCompatible?: boolean;
  };
}

function schemaOf(ref: $SchemaRef): NormalizedSchema {
  return NormalizedSchema.of(ref);
}

/** Traits are a bit mask when they carry no data; the wire layer needs none of those on operations and errors. */
function traitsOf(traits: SchemaTraitsObject | number): SchemaTraitsObject {
  return typeof traits === "object" ? traits : {};
}

function queryErrorOf(traits: SchemaTraitsObject): readonly [string, number] | undefined {
  const query: unknown = traits["awsQueryError"];
  if (!Array.isArray(query)) return undefined;
  return [String(query[0]), Number(query[1])];
}

function isOperation(exported: unknown): exported is StaticOperationSchema {
  return Array.isArray(exported) && exported[0] === 9;
}

function isError(exported: unknown): exported is StaticErrorSchema {
  return Array.isArray(exported) && exported[0] === -3;
}

const protocolsByShapeId: Readonly<Record<string, Protocol>> = {
  "aws.protocols#awsJson1_0": "awsJson1_0",
  "aws.protocols#awsJson1_1": "awsJson1_1",
  "aws.protocols#awsQuery": "awsQuery",
  "aws.protocols#ec2Query": "ec2Query",
  "aws.protocols#restXml": "restXml",
  "aws.protocols#restJson1": "restJson1",
  "smithy.protocols#rpcv2Cbor": "rpcv2Cbor",
};

function protocolNamed(shapeId: string): Protocol {
  const protocol = protocolsByShapeId[shapeId];
  if (!protocol) throw new Error(`The simulated region does not speak the protocol ${shapeId}`);
  return protocol;
}
