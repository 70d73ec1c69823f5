import * as z from "zod";
import { CacheComponent } from "./kinds/cache.ts";
import { DatabaseComponent } from "./kinds/database.ts";
import type { Kind } from "./vocabulary.ts";

/**
 * What the daily look has to know of a component whose rollbacks leave something behind that costs money. Not its whole
 * configuration: the input of an EventBridge target holds 8,192 characters.
 */
export const KeptAddress = z.discriminatedUnion("kind", [
  DatabaseComponent.pick({ kind: true, instance: true, cluster: true, cutOver: true }),
  CacheComponent.pick({ kind: true, clean: true }),
]);

/** What the schedule asks, once a day. */
export const KeptQuestion = z.strictObject({
  /** The moment that was scheduled, ISO 8601: an event that comes late still asks about its own day. */
  at: z.iso.datetime(),
  components: z.record(z.string(), KeptAddress),
});

export type KeptAddress = z.infer<typeof KeptAddress>;
export type KeptQuestion = z.infer<typeof KeptQuestion>;

/** The address of one kind, narrowed. */
export type KeptAddressOf<K extends Kind> = Extract<KeptAddress, { readonly kind: K }>;
