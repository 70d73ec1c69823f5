import type { Kind } from "../contracts/vocabulary.ts";
import type { Platform } from "../platform/platform.ts";
import { cacheObserving, cacheRemembering } from "./cache/runtime.ts";
import type { Keeper, KeptReader, Observer, VersionReader } from "./component.ts";
import { databaseObserving, databaseReading, databaseRemembering } from "./database/runtime.ts";
import { ecsServiceKeeping, ecsServiceObserving, ecsServiceReading } from "./ecs-service/runtime.ts";
import { frontendObserving, frontendReading } from "./frontend/runtime.ts";
import { maintenanceObserving } from "./maintenance/runtime.ts";
import { parameterKeeping, parameterObserving, parameterReading } from "./parameter/runtime.ts";
import { secretKeeping, secretObserving, secretReading } from "./secret/runtime.ts";
import { taskObserving } from "./task/runtime.ts";

/**
 * The runtime half of every kind; its twin on the stack is lib/stack/components/registry.ts. One function a use: a
 * step's bundle carries only what it takes from here.
 */
export function observersOf(platform: Platform): Readonly<Record<Kind, Observer>> {
  const observers: { readonly [K in Kind]: Observer<K> } = {
    "ecs-service": ecsServiceObserving(platform),
    database: databaseObserving(platform),
    frontend: frontendObserving(platform),
    secret: secretObserving(platform),
    parameter: parameterObserving(platform),
    cache: cacheObserving(platform),
    task: taskObserving(platform),
    maintenance: maintenanceObserving(platform),
  };
  // Everybody hands an observer the configuration of its own kind.
  return observers as Record<Kind, Observer>;
}

/** Of the kinds that have a version; the others are no part of a vector. */
export function versionReadersOf(platform: Platform): Readonly<Partial<Record<Kind, VersionReader>>> {
  const readers: { readonly [K in Kind]?: VersionReader<K> } = {
    "ecs-service": ecsServiceReading(platform),
    database: databaseReading(platform),
    frontend: frontendReading(platform),
    secret: secretReading(platform),
    parameter: parameterReading(platform),
  };
  // Everybody hands a reader the configuration of its own kind.
  return readers as Partial<Record<Kind, VersionReader>>;
}

/** Of the kinds whose rollbacks leave something behind that costs money. */
export function keptReadersOf(platform: Platform): Readonly<Partial<Record<Kind, KeptReader>>> {
  const readers: { readonly [K in Kind]?: KeptReader<K> } = {
    database: databaseRemembering(platform),
    cache: cacheRemembering(platform),
  };
  // Everybody hands a reader the address of its own kind.
  return readers as Partial<Record<Kind, KeptReader>>;
}

/** Of the kinds whose versions AWS may forget. */
export function keepersOf(platform: Platform): Readonly<Partial<Record<Kind, Keeper>>> {
  const keepers: { readonly [K in Kind]?: Keeper<K> } = {
    "ecs-service": ecsServiceKeeping(platform),
    secret: secretKeeping(platform),
    parameter: parameterKeeping(platform),
  };
  // Everybody hands a keeper the configuration of its own kind.
  return keepers as Partial<Record<Kind, Keeper>>;
}
