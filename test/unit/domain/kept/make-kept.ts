import type { Kept } from "../../../../lambdas/domain/kept/kept.ts";

/** An old database that is due on the 28th of November 2026. */
export function makeKept(overrides: Partial<Kept> = {}): Kept {
  return {
    component: "database",
    what: "database instance shop",
    paidFor: "db.r6g.large, 100 GiB gp3, and its backups",
    rollbackId: "rb-20261121-010203-3f2a9c1d",
    expires: "2026-11-28",
    facts: ["Users are on shop-sb-0a1b2c3d-new."],
    keepLonger: "aws rds add-tags-to-resource",
    removal: { advice: "remove", means: "then it is gone.", commands: ["aws rds delete-db-instance"] },
    ...overrides,
  };
}
