import { perform } from "../../lib/drill/perform.ts";
import { environmentOf } from "../../lib/drill/run-drill.ts";
import { Scenario, type Step } from "../../lib/drill/scenario.ts";
import { type Stage, setStage } from "../../lib/drill/stage.ts";
import type { CompleteBoardroom } from "../../lib/region/application/complete-boardroom.ts";
import type { Pace } from "../../lib/region/services/rds/pace.ts";

/** Which region it is played in. */
export interface World {
  readonly seed: number;
  /** Where RDS takes another time than by default: than docs/facts say of it. */
  readonly pace?: Partial<Pace>;
  /**
   * How long people think, seconds: from when Stepback asks until it has its answer, or until the first command of a runbook
   * is typed. @default 60
   */
  readonly deciding?: number;
  /** Whether users wait for what RDS backs up, as where `serveDuringBackups` is left out. @default false */
  readonly waitsForBackups?: boolean;
}

/** A region in which release 2.10.0 has just gone wrong, and nobody has done anything about it. */
export interface Night {
  readonly stage: Stage;
  readonly complete: CompleteBoardroom;
  /** When the story began, epoch milliseconds. */
  readonly startedAt: number;
  /** Before anything of 2.10.0 was deployed: where the data has to go back to. */
  readonly goodAt: Date;
  /** Does one thing as the person or the trouble that it stands for. */
  readonly act: (action: Step["do"]) => Promise<void>;
  /** Until this long after the beginning. */
  readonly until: (seconds: number) => Promise<void>;
}

/** When somebody has seen it and begins to think, seconds after the beginning of the story. */
export const SEEN_SECONDS = 240;

/** When it is decided and something is done about it: approved, or typed. */
export const decidedSeconds = ({ deciding = 60 }: World) => SEEN_SECONDS + deciding;

/**
 * The night of the drill `complete-four-components`: API, web and frontend are deployed; the release damages documents
 * during its first minutes, and its frontend calls the API wrongly. The damage stops by itself, so that data that went
 * back alone stays good.
 */
const STORY = [
  {
    at: "20s",
    do: { behave: { component: "api", version: "2.10.0", as: { corruptsData: true, errorRate: 0 } } },
  },
  { at: "30s", do: { deploy: { component: "api", version: "2.10.0" } } },
  { at: "35s", do: { deploy: { component: "web", version: "2.10.0" } } },
  { at: "40s", do: { deployFrontend: { version: "2.10.0", broken: true } } },
  { at: "3m30s", do: { behave: { component: "api", version: "2.10.0", as: { corruptsData: false } } } },
];

/**
 * Sets the night and lets somebody act in it: `work` runs in the region's time, and the clock stands when it has ended.
 *
 * @param watched `shadow`: Stepback looks on and does nothing, for those who do without it
 */
export async function inNight<T>(
  { seed, pace, waitsForBackups = false }: World,
  watched: "execute" | "shadow",
  work: (night: Night) => Promise<T>,
): Promise<T> {
  const scenario = Scenario.parse({
    ...{
      title: "the bench",
      environment: "complete",
      application: { complete: {} },
      steps: STORY,
      expect: {},
      components: { database: { serveDuringBackups: !waitsForBackups } },
    },
    ...(watched === "shadow" ? { policy: { shadow: true } } : {}),
  });
  const environment = environmentOf(scenario);
  const stage = await setStage({ environment, application: scenario.application, seed });
  const { kernel } = stage.region;
  const { complete } = stage;
  const { drill } = stage.region.rds.databases;
  drill.pace = { ...drill.pace, ...pace };
  if (!complete) throw new Error("The night needs the complete application");
  const startedAt = kernel.now;
  const night: Night = {
    stage,
    complete,
    startedAt,
    goodAt: new Date(startedAt - 30_000),
    act: (action) => perform(stage, action, startedAt),
    until: (seconds) => kernel.sleep(startedAt + seconds * 1_000 - kernel.now),
  };
  const story = async () => {
    for (const step of scenario.steps) {
      await night.until(step.at ?? 0);
      await night.act(step.do);
    }
    return work(night);
  };
  return kernel.complete(story());
}
