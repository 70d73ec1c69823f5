import type { MaintenanceMove } from "../../contracts/kinds/maintenance.ts";
import type { BarrierName, Clients } from "./job.ts";
import { securityGroupBarrier } from "./security-group-barrier.ts";
import { webAclBarrier } from "./web-acl-barrier.ts";

/** `other`: neither what isolates nor what can be put back: somebody's own doing. */
export type BarrierState = "open" | "shut" | "other";

/** Something that keeps everybody out but an allow-list. */
export interface Barrier {
  readonly name: BarrierName;
  /** As people call it. */
  readonly label: string;
  look(): Promise<BarrierState | { readonly problem: string }>;
  /** What it is now and has to be again, for the journal; empty when the configuration says it. */
  former(): Promise<Readonly<Record<string, string>>>;
  /** One change towards being shut; looked at again afterwards. */
  shut(): Promise<"changed" | "collided">;
  /**
   * One change towards being as it was.
   *
   * @param former what the journal of this rollback says it was; a later rollback knows only what stands in AWS
   */
  lift(
    former: Readonly<Record<string, string>> | undefined,
  ): Promise<"changed" | "collided" | { readonly problem: string }>;
  /** Removes, once it is open, what was only kept for the way back; whether there was anything. */
  forget(): Promise<boolean>;
  /** What would be put back, in words, or why it cannot be. */
  liftable(): Promise<{ readonly back: string } | { readonly problem: string }>;
}

/** The configured barriers, the quick one first. */
export function barriersOf(
  clients: Clients,
  { webAcl, loadBalancer }: NonNullable<MaintenanceMove["isolation"]>,
): readonly Barrier[] {
  return [
    ...(loadBalancer ? [securityGroupBarrier(clients.balancing, loadBalancer)] : []),
    ...(webAcl ? [webAclBarrier(clients.waf, webAcl)] : []),
  ];
}
