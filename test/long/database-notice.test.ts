import { expect, it } from "vitest";
import { type DatabaseNotice, measureDatabaseNotices } from "../../bench/database-notice.ts";
import { percentile } from "../../bench/median.ts";

/**
 * Four looks at the two that have most to wait for. Seed 2 of the renames: the check after it ran before the new name led
 * anywhere, and a good rollback failed.
 */
const SEEDS = {
  "database-renamed": [1, 2, 3, 4],
  "database-undo": [1, 2, 3, 4],
  "database-behind-a-proxy": [1, 2, 3],
  "database-parameter-group-lost": [1, 2, 3],
  "database-rehearsal": [1, 2, 3],
};
const NOTICE_SECONDS = 15;
/** Each kind of job that ends in these drills. */
const JOBS = [
  "deletion",
  "first connection",
  "modification",
  "new name",
  "proxy target",
  "reboot",
  "rest after a snapshot",
  "restore",
  "snapshot",
];

it(`the end of a job of RDS is noticed within ${NOTICE_SECONDS} virtual seconds, over a hundred of them`, {
  timeout: 900_000,
}, async () => {
  const notices = await measureDatabaseNotices(SEEDS);

  expect(notices.length).toBeGreaterThanOrEqual(100);
  expect([...new Set(notices.map(({ what }) => what))].sort()).toEqual(JOBS);
  const late = notices.filter(({ noticed }) => noticed > NOTICE_SECONDS).map(told);
  const p99 = percentile(
    notices.map(({ noticed }) => noticed),
    0.99,
  );
  expect(p99, late.join("\n")).toBeLessThanOrEqual(NOTICE_SECONDS);
});

const told = ({ drill, seed, what, noticed }: DatabaseNotice) =>
  `${drill}, seed ${seed}: ${what} after ${noticed} s`;
