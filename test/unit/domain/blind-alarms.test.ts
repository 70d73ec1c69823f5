import { describe, expect, it } from "vitest";
import { Environment } from "../../../lambdas/contracts/environment.ts";

const service = { kind: "ecs-service", cluster: "shop" } as const;
const till = { ...service, service: "till", codeDeploy: { application: "shop", deploymentGroup: "till" } };
const desk = { ...service, service: "desk" };
const loadBalancer = "app/shop/50dc6c495c0c9188";
const targetGroup = "targetgroup/till/6d0ecf831eec9f09";
const alternateTargetGroup = "targetgroup/till-alt/0b1f2a3c4d5e6f70";

/** What is said of an environment with one alarm. */
function problemsOf(alarm: object): string[] {
  const parsed = Environment.safeParse({
    name: "small",
    application: "corner shop",
    account: "444455556666",
    region: "us-east-1",
    components: { till, desk },
    alarms: [{ name: "trouble", components: ["till"], loadBalancer, ...alarm }],
  });
  return parsed.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
}

const MOVED = "CodeDeploy moves till between two target groups";

describe("of a service that CodeDeploy moves between two target groups, an alarm", () => {
  it.each([{ recipe: "error-rate" }, { recipe: "latency", baselineSeconds: 0.3 }])(
    "of the recipe $recipe watches the whole load balancer, not one group",
    (recipe) => {
      expect(problemsOf({ ...recipe, targetGroup })).toEqual([
        `alarms.0.targetGroup: ${MOVED}; leave it out to watch the whole load balancer`,
      ]);
      expect(problemsOf(recipe)).toEqual([]);
    },
  );

  it("of the recipe unavailable watches both groups", () => {
    const recipe = { recipe: "unavailable", targetGroup };

    expect(problemsOf(recipe)).toEqual([`alarms.0.alternateTargetGroup: ${MOVED}; name the other one here`]);
    expect(problemsOf({ ...recipe, alternateTargetGroup })).toEqual([]);
  });

  it("may name one group when it stands for another service too, whose group it may be", () => {
    expect(problemsOf({ recipe: "error-rate", targetGroup, components: ["till", "desk"] })).toEqual([]);
  });
});
