import { BACKUP_OF_MINUTES, FLASH_BEFORE_BACKUP, type Pace } from "../lib/region/services/rds/pace.ts";
import { median } from "./median.ts";
import { recoverByHand } from "./recovery/by-hand.ts";
import { type ByStepback, recoverByStepback, secondsAlone } from "./recovery/by-stepback.ts";
import type { World } from "./recovery/in-night.ts";
import type { Recovery } from "./recovery/recovery.ts";
import { COMPLETE_SYSTEM_ROLLBACK, STOP_RESTORE_START } from "./recovery/serial-orders.ts";

const SEEDS = 10;

interface Nights {
  readonly words: string;
  readonly pace: Partial<Pace>;
  /** How many of the seeds are played in them. */
  readonly seeds: number;
  /** Whether people also think longer in them, and users also wait for backups. */
  readonly closely: boolean;
}

/** How RDS may go about the first backup of a copy; docs/serial-order.md tells which of these it has been seen to do. */
const NIGHTS: readonly Nights[] = [
  {
    ...{ words: "RDS takes hours for the first backup of the copy", pace: {} },
    ...{ seeds: SEEDS, closely: true },
  },
  {
    words: "it takes minutes, and shows `available` before it",
    pace: { ...BACKUP_OF_MINUTES, ...FLASH_BEFORE_BACKUP },
    ...{ seeds: SEEDS, closely: true },
  },
  {
    ...{ words: "it takes minutes, and does not", pace: BACKUP_OF_MINUTES },
    ...{ seeds: 3, closely: false },
  },
  {
    ...{ words: "it shows `available`, and then takes hours", pace: FLASH_BEFORE_BACKUP },
    ...{ seeds: 5, closely: false },
  },
];

const MINUTES_OF_THINKING = [1, 5, 10, 12, 15, 20, 30];
/** Of those, where users wait for what RDS backs up; a minute is everybody's. */
const MINUTES_OF_WAITING = [5, 20];
/** How many of the seeds are played with each of these. */
const THINKING_SEEDS = 5;

interface Measured {
  readonly seed: number;
  readonly stepback: ByStepback;
  /** Virtual seconds of the database alone, the longest of the four. */
  readonly longest: number;
  readonly seed001: Recovery;
  readonly seed002: Recovery;
}

/**
 * A complete rollback of api, web, database and frontend: by Stepback, and in the order of two runbooks, in the same
 * night (docs/serial-order.md). Virtual time throughout.
 */
export async function benchCompleteRecovery(seeds = SEEDS): Promise<void> {
  console.log("\nA complete rollback, virtual seconds");
  const first: World = { seed: 1 };
  for (const component of ["api", "web", "frontend"]) {
    print(`${component} alone, seed 1`, [await secondsAlone(first, component)]);
  }
  for (const nights of NIGHTS) await playNights({ ...nights, seeds: Math.min(seeds, nights.seeds) });
}

async function playNights({ words, pace, seeds, closely }: Nights): Promise<void> {
  console.log(`\nWhere ${words}`);
  const measured: Measured[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const one = await measure({ seed, pace });
    measured.push(one);
    console.log(`  seed ${seed}: ${wordsOf(one)}`);
  }
  report(measured);
  timeline(measured);
  const growing = await withGrowingWaiters(measured, pace);
  ofGrowing(measured, growing);
  if (!closely) return;
  await whilePeopleThink(seeds, { pace });
  await whereUsersWait(measured, growing, pace);
}

async function withGrowingWaiters(
  measured: readonly Measured[],
  pace: Partial<Pace>,
): Promise<readonly number[]> {
  const growing: number[] = [];
  for (const { seed } of measured) {
    const { seconds } = await recoverByHand({ seed, pace }, COMPLETE_SYSTEM_ROLLBACK, {
      waiters: "growing",
    });
    growing.push(seconds);
  }
  return growing;
}

/** Stepback without `serveDuringBackups`; the orders are those of the same nights. */
async function whereUsersWait(
  measured: readonly Measured[],
  growing: readonly number[],
  pace: Partial<Pace>,
): Promise<void> {
  console.log("\nThe same where users wait for what RDS backs up: without `serveDuringBackups`");
  const waiting: Measured[] = [];
  for (const one of measured) {
    const world = { seed: one.seed, waitsForBackups: true, pace };
    const longest = await secondsAlone(world, "database");
    waiting.push({ ...one, longest, stepback: await recoverByStepback(world) });
  }
  report(waiting);
  timeline(waiting);
  ofGrowing(waiting, growing);
  await whilePeopleThink(measured.length, { waitsForBackups: true, pace }, MINUTES_OF_WAITING);
}

function ofGrowing(measured: readonly Measured[], growing: readonly number[]): void {
  const ratios = measured.map(({ stepback }, index) => stepback.seconds / (growing[index] ?? 0));
  print("x of seed 001's order with the SDK's waiters", ratios, 2);
}

/** The copy is made while people think: the longer they take, the less there is to wait for afterwards. */
async function whilePeopleThink(
  seeds: number,
  world: Omit<World, "seed">,
  all: readonly number[] = MINUTES_OF_THINKING,
): Promise<void> {
  console.log("\nAfter so many minutes of thinking, from the decision on");
  for (const minutes of all) {
    const measured: Decided[] = [];
    for (let seed = 1; seed <= Math.min(seeds, THINKING_SEEDS); seed++) {
      measured.push(await measureDecided({ ...world, seed, deciding: minutes * 60 }));
    }
    const over = (figure: (one: Decided) => number) => measured.map(figure);
    print(
      `${minutes} min: seconds`,
      over(({ stepback }) => stepback.seconds),
    );
    print(
      "  x of seed 001's order",
      over(({ stepback, fixed }) => stepback.seconds / fixed.seconds),
      2,
    );
    print(
      "  x of it with the SDK's waiters",
      over(({ stepback, growing }) => stepback.seconds / growing.seconds),
      2,
    );
    print(
      "  state transitions",
      over(({ stepback }) => stepback.stateTransitions),
    );
  }
}

interface Decided {
  readonly stepback: ByStepback;
  /** Seed 001's order, with the command line's waiters and with the SDK's. */
  readonly fixed: Recovery;
  readonly growing: Recovery;
}

async function measureDecided(world: World): Promise<Decided> {
  return {
    stepback: await recoverByStepback(world),
    fixed: await recoverByHand(world, COMPLETE_SYSTEM_ROLLBACK),
    growing: await recoverByHand(world, COMPLETE_SYSTEM_ROLLBACK, { waiters: "growing" }),
  };
}

async function measure(world: World): Promise<Measured> {
  return {
    seed: world.seed,
    stepback: await recoverByStepback(world),
    longest: await secondsAlone(world, "database"),
    seed001: await recoverByHand(world, COMPLETE_SYSTEM_ROLLBACK),
    seed002: await recoverByHand(world, STOP_RESTORE_START),
  };
}

function wordsOf({ stepback, longest, seed001, seed002 }: Measured): string {
  const figures = [stepback.seconds, longest, seed001.seconds, seed002.seconds].map((one) => one.toFixed(0));
  const [together, alone, order001, order002] = figures;
  return `Stepback ${together}, its database alone ${alone}, seed 001 ${order001}, seed 002 ${order002}`;
}

/** Least, middle and most over the seeds. */
function report(measured: readonly Measured[]): void {
  const over = (figure: (one: Measured) => number) => measured.map(figure);
  const ways = { Stepback: "stepback", "seed 001": "seed001", "seed 002": "seed002" } as const;
  for (const [name, way] of Object.entries(ways)) {
    print(
      `${name}: seconds`,
      over((one) => one[way].seconds),
    );
    print(
      "  page up or writers stopped",
      over((one) => one[way].felt.closed),
    );
    print(
      "  open, and something wrong",
      over((one) => one[way].felt.faulty),
    );
    print(
      "  until the code was back",
      over((one) => one[way].felt.codeBack),
    );
    print(
      "  writes in no snapshot",
      over((one) => one[way].unsaved),
    );
  }
  print(
    "Stepback: state transitions",
    over(({ stepback }) => stepback.stateTransitions),
  );
  print(
    "x of the longest alone",
    over(({ stepback, longest }) => stepback.seconds / longest),
    2,
  );
  print(
    "x of seed 001's order",
    over(({ stepback, seed001 }) => stepback.seconds / seed001.seconds),
    2,
  );
  print(
    "x of seed 002's order",
    over(({ stepback, seed002 }) => stepback.seconds / seed002.seconds),
    2,
  );
  print(
    "x of seed 001's page and stopped writers",
    over(({ stepback, seed001 }) => stepback.felt.closed / seed001.felt.closed),
    2,
  );
}

/** Where the time of the first seed went. */
function timeline([first]: readonly Measured[]): void {
  for (const [name, recovery] of [
    ["Stepback", first?.stepback],
    ["seed 001's order", first?.seed001],
  ] as const) {
    console.log(`  Where the time went by ${name}, seed ${first?.seed}`);
    for (const { part, seconds } of recovery?.took ?? []) print(`  ${part}`, [seconds]);
  }
}

function print(name: string, figures: readonly number[], digits = 0): void {
  const shown = figures.length > 1 ? [Math.min(...figures), median(figures), Math.max(...figures)] : figures;
  const text = shown.map((figure) => figure.toFixed(digits).padStart(7)).join("");
  console.log(`  ${name.padEnd(44)}${text}`);
}

if (import.meta.main) await benchCompleteRecovery(Number(process.argv[2] ?? SEEDS));
