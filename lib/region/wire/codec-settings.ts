import type { JsonSettings, XmlSettings } from "@aws-sdk/core/protocols";
import type { ServiceShape } from "./service-shape.ts";

/** How the SDK's XML, query and header codecs must be set for a service: timestamps are ISO 8601 unless a trait says. */
export function textSettings({ namespace, xmlNamespace }: ServiceShape): XmlSettings {
  return {
    timestampFormat: { useTrait: true, default: 5 },
    httpBindings: true,
    serviceNamespace: namespace,
    xmlNamespace: xmlNamespace ?? "",
  };
}

/** How the SDK's JSON codecs must be set for a service: timestamps are epoch seconds unless a trait says. */
export function jsonSettings({ protocol }: ServiceShape): JsonSettings {
  return {
    timestampFormat: { useTrait: true, default: 7 },
    httpBindings: false,
    jsonName: protocol === "restJson1",
  };
}
