import { componentsOf, type Environment } from "../../lambdas/contracts/environment.ts";
import { COMPONENTS, serviceName } from "../region/application/boardroom-names.ts";
import type { Scenario } from "./scenario.ts";

/** The sample application in the shape that an environment describes: the services alone, or everything around them. */
export function applicationFor(environment: Environment): Scenario["application"] {
  const services = servicesFor(environment);
  const plain = {
    ...({ circuitBreaker: "off", strategy: "ROLLING", deploymentAlarms: false } as const),
    ...(services ? { services } : {}),
  };
  const kinds = Object.values(environment.components).map(({ kind }) => kind);
  if (kinds.every((kind) => kind === "ecs-service")) return plain;
  const database = componentsOf(environment, "database")[0]?.[1];
  const frontend = componentsOf(environment, "frontend")[0]?.[1];
  const cache = componentsOf(environment, "cache")[0]?.[1];
  const by = componentsOf(environment, "maintenance")[0]?.[1].switch.by;
  // At the edge the sample's page shares the store of its frontend's pointer.
  const page = by === "key-value-store" && frontend?.release.strategy !== "pointer" ? undefined : by;
  const connected = componentsOf(environment, "ecs-service").flatMap(([, one]) => one.connectedTasks ?? []);
  return {
    ...plain,
    complete: {
      ...(database ? { cutOver: database.cutOver.strategy } : {}),
      ...(database?.cluster === undefined ? {} : { engine: "aurora-postgresql" as const }),
      ...(frontend ? { frontend: frontend.release.strategy } : {}),
      ...(cache ? { cache: cache.clean.way } : {}),
      ...(page ? { page } : {}),
      ...(connected.some(({ rules, schedules }) => rules.length > 0 || schedules.length === 0)
        ? { connectedTasks: true }
        : {}),
      ...(connected.some(({ schedules }) => schedules.length > 0) ? { connectedSchedules: true } : {}),
    },
  };
}

/** Wide enough for what both services are installed with. */
const SCALING = { min: 2, max: 10, cpuPercent: 60 };

/** What load balancers and containers have by default (docs/facts/ecs.md §5.3). */
const LONG_CONNECTIONS = { drainSeconds: 300, stopTimeoutSeconds: 30 };

/** What the environment says of single services, by the names that the sample application gives them. */
function servicesFor(environment: Environment): Scenario["application"]["services"] {
  const found = componentsOf(environment, "ecs-service").flatMap(
    ([, { service, codeDeploy, autoScaling, notice }]) => {
      const component = COMPONENTS.find((one) => serviceName(one) === service);
      if (!component || !(codeDeploy || autoScaling || notice)) return [];
      const shape = {
        ...(codeDeploy ? { codeDeploy: {} } : {}),
        ...(autoScaling ? { scaling: SCALING } : {}),
        ...(notice ? { longConnections: LONG_CONNECTIONS } : {}),
      };
      return [[component, shape] as const];
    },
  );
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}
