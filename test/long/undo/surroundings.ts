import type { CompleteOptions } from "../../../lib/region/application/complete-options.ts";
import { Random } from "../../../lib/region/kernel/random.ts";
import { anyFirstBackup, type FirstBackup, QUICK, wordsOf } from "./first-backup.ts";

/** What else a seed chooses about the application, and how the environment describes it. */
export interface Surroundings {
  readonly complete: CompleteOptions;
  /** Laid over the components of `environments/complete.yaml`. */
  readonly components: Readonly<Record<string, object>>;
  readonly strategy: "fast-first" | "together";
  readonly prepareWhileAsking: boolean;
  /** How long a person thinks, seconds. */
  readonly answersAfter: number;
  readonly firstBackup: FirstBackup;
  readonly words: string;
}

/** Seeds below this one keep the surroundings in which they found what they found. */
const FIRST_VARIED = 1_000;
/** From this one on a copy may serve while RDS backs it up. */
const FIRST_EARLY = 2_000;
/** From this one on RDS takes hours for that, as the region does, or as long as it likes. */
const FIRST_SLOW = 3_000;

const PLAIN: Surroundings = {
  ...{ complete: {}, components: {} },
  strategy: "fast-first",
  ...{ prepareWhileAsking: true, answersAfter: 0, firstBackup: QUICK, words: "" },
};

/** @param frontend the page at CloudFront's edge needs the layout `pointer` */
export function surroundingsOf(
  seed: number,
  { frontend, cutOver }: Required<Pick<CompleteOptions, "frontend" | "cutOver">>,
): Surroundings {
  if (seed < FIRST_VARIED) return PLAIN;
  const random = new Random(seed).fork("surroundings");
  const chosen = [
    random.chance(0.4) ? auroraBy(cutOver) : undefined,
    random.chance(0.3) ? CACHE_BY_FLUSH : undefined,
    random.chance(0.3) ? PAGE_BY_PARAMETER : frontend === "pointer" ? PAGE_AT_THE_EDGE : undefined,
    random.chance(0.4) ? CONNECTED : undefined,
  ].flatMap((one) => one ?? []);
  const strategy = random.chance(0.3) ? "together" : "fast-first";
  const prepareWhileAsking = random.chance(0.8);
  const answersAfter = random.chance(0.5) ? random.integer(0, 45 * 60) : 0;
  const mayBeEarly =
    seed >= FIRST_EARLY && cutOver !== "rename" && !chosen.some(({ words }) => words === "Aurora");
  const early = mayBeEarly && random.chance(0.8) ? EARLY : undefined;
  if (early) chosen.push(early);
  const firstBackup = firstBackupOf(seed, random, early !== undefined);
  return {
    ...{ prepareWhileAsking, answersAfter, firstBackup },
    complete: Object.assign({}, ...chosen.map(({ complete }) => complete)),
    components: Object.assign({}, ...chosen.map(({ components }) => components)),
    strategy,
    words: [
      ...chosen.map(({ words }) => words),
      strategy,
      `an answer after ${answersAfter} s${prepareWhileAsking ? ", copies meanwhile" : ""}`,
      ...(seed < FIRST_SLOW ? [] : [wordsOf(firstBackup)]),
    ].join(", "),
  };
}

function firstBackupOf(seed: number, random: Random, isEarly: boolean): FirstBackup {
  if (seed >= FIRST_SLOW) return anyFirstBackup(random);
  if (!isEarly) return QUICK;
  const milliseconds = random.integer(60, 90 * 60) * 1_000;
  return { ...QUICK, firstBackup: [milliseconds, milliseconds] };
}

type Choice = Pick<Surroundings, "complete" | "components" | "words">;

const READERS: Partial<Readonly<Record<string, object>>> = {
  "endpoint-parameter": { parameter: "/boardroom/db/host", readerParameter: "/boardroom/db/reader-host" },
  "endpoint-secret": { secret: "boardroom/db-host", readerSecret: "boardroom/db-reader-host" },
  proxy: { proxy: "boardroom" },
};

const auroraBy = (cutOver: string): Choice => ({
  complete: { engine: "aurora-postgresql" },
  components: {
    database: {
      instance: undefined,
      cluster: "boardroom",
      cutOver: { strategy: cutOver, ...READERS[cutOver] },
    },
  },
  words: "Aurora",
});

const EARLY: Choice = {
  complete: {},
  components: { database: { serveDuringBackups: true } },
  words: "a copy that serves early",
};

const TASK = {
  ...{ kind: "task", cluster: "boardroom", container: "app", changesData: false },
  subnets: ["subnet-0a1b2c3d", "subnet-4e5f6071"],
  securityGroups: ["sg-0a5c1e7d"],
  taskRoles: [
    "arn:aws:iam::111122223333:role/boardroom-task",
    "arn:aws:iam::111122223333:role/boardroom-execution",
  ],
  logGroup: "/boardroom/tasks",
};

const CACHE_BY_FLUSH: Choice = {
  complete: { cache: "flush" },
  components: {
    cache: { clean: { way: "flush", ephemeral: true, task: "flush" } },
    flush: {
      ...TASK,
      ...{
        taskDefinition: "boardroom-cache-flush",
        command: ["flush"],
        logStreamPrefix: "boardroom-cache-flush",
      },
    },
  },
  words: "a flushed cache",
};

const PAGE_BY_PARAMETER: Choice = {
  complete: { page: "parameter" },
  components: {
    page: { switch: { by: "parameter", parameter: "/boardroom/maintenance", askedEverySeconds: 15 } },
  },
  words: "a page by parameter",
};

const STORE = "arn:aws:cloudfront::111122223333:key-value-store/0e6f5a4b-3c2d-4b1a-8f90-a1b2c3d4e5f6";
const PAGE_AT_THE_EDGE: Choice = {
  complete: { page: "key-value-store" },
  components: { page: { switch: { by: "key-value-store", keyValueStore: STORE } } },
  words: "a page at the edge",
};

const CONNECTED: Choice = {
  complete: { connectedTasks: true, connectedSchedules: true },
  components: {
    api: {
      connectedTasks: {
        families: ["boardroom-report", "boardroom-backfill", "boardroom-digest"],
        rules: ["boardroom-report"],
        schedules: ["boardroom/boardroom-digest"],
        scheduleRoles: ["arn:aws:iam::111122223333:role/boardroom-digest-schedule"],
      },
    },
  },
  words: "connected tasks",
};
