import { componentsOf, type Environment } from "../../lambdas/contracts/environment.ts";
import { tellCodeDeploy } from "./code-deploy-narrator.ts";
import type { Facts, Told } from "./timeline.ts";

interface Deployment {
  readonly id: string;
  readonly service: string;
  /** `boardroom-api:1` */
  readonly taskDefinition: string;
  /** Tasks of it that run. */
  readonly running: Set<string>;
}

/** Tells what ECS does: deployments by the component's name, and how many tasks run the target while everybody waits. */
export class DeploymentNarrator {
  /** Component names by service. */
  readonly #components: ReadonlyMap<string, string>;
  readonly #deployments = new Map<string, Deployment>();
  /** The newest deployment of each service. */
  readonly #current = new Map<string, Deployment>();
  /** A deployment that ECS has begun and nobody has been named for yet: the call that caused it is logged next. */
  #begun: Deployment | undefined;

  constructor(environment: Pick<Environment, "components">) {
    const services = componentsOf(environment, "ecs-service");
    this.#components = new Map(services.map(([name, { service }]) => [service, name]));
  }

  tell(event: string, facts: Facts): Told | undefined {
    const service = String(facts["service"]);
    const id = String(facts["deployment"]);
    if (event === "deployment started") {
      const taskDefinition = String(facts["taskDefinition"]);
      this.#begun = { id, service, taskDefinition, running: new Set() };
      this.#deployments.set(id, this.#begun);
      this.#current.set(service, this.#begun);
    }
    if (event === "service deployment changed") return this.#status(id, String(facts["status"]));
    if (event === "task changed") return this.#task(service, id, facts);
    if (event === "standalone task changed") return standaloneTask(facts);
    if (event === "deployment changed") return tellCodeDeploy(facts, (one) => this.#nameOf(one));
    const name = this.#nameOf(service);
    if (event === "production traffic shifted") {
      return {
        who: "aws",
        text: `${name}: ${String(facts["green"])} % of the traffic goes to the new tasks`,
      };
    }
    if (event === "production traffic shifted back") {
      return { who: "aws", text: `${name}: all traffic goes back to the old tasks` };
    }
    return undefined;
  }

  /** A call that changes a service; undefined when the operation is none of those. */
  call({ operation, outcome }: Facts, who: "people" | "stepback"): Told | undefined {
    const said = { UpdateService: this.#deployWords(), ...OTHER_CALLS }[String(operation)];
    if (said === undefined) return undefined;
    return { who, text: outcome === "ok" ? said : `${said}, which AWS answers with ${String(outcome)}` };
  }

  #deployWords(): string {
    const begun = this.#begun;
    this.#begun = undefined;
    return begun
      ? `${this.#nameOf(begun.service)}: ECS is told to deploy ${begun.taskDefinition}`
      : "ECS is told to change a service";
  }

  #status(id: string, status: string): Told | undefined {
    const deployment = this.#deployments.get(id);
    const words = STATUS_WORDS[status];
    if (!deployment || words === undefined) return undefined;
    return { who: "aws", text: `${this.#nameOf(deployment.service)}: ${words(deployment.taskDefinition)}` };
  }

  #task(service: string, id: string, { task, status, stopCode, desired }: Facts): Told | undefined {
    const name = this.#nameOf(service);
    const current = this.#current.get(service);
    const leaving = LEAVING_WORDS[String(status)];
    if (desired === 0 && leaving !== undefined) return { who: "aws", text: `${name}: a task ${leaving}` };
    if (status === "STOPPED" && stopCode !== "ServiceSchedulerInitiated") {
      current?.running.delete(String(task));
      const what = this.#deployments.get(id)?.taskDefinition ?? "an older task definition";
      return { who: "aws", text: `${name}: a task of ${what} stopped: ${String(stopCode)}` };
    }
    if (status !== "RUNNING" || current?.id !== id) return undefined;
    current.running.add(String(task));
    const count = `${current.running.size} of ${String(desired)}`;
    return { who: "aws", text: `${name}: ${count} tasks run ${current.taskDefinition}` };
  }

  #nameOf(service: string): string {
    return this.#components.get(service) ?? service;
  }
}

/** A task that belongs to no service: that it runs, and when its process is gone. */
function standaloneTask({ family, status, exitCode }: Facts): Told | undefined {
  if (status === "RUNNING") return { who: "aws", text: `a task of ${String(family)} runs` };
  if (status !== "DEPROVISIONING") return undefined;
  const exit = exitCode === undefined ? "" : `, exit code ${String(exitCode)}`;
  return { who: "aws", text: `a task of ${String(family)} has ended${exit}` };
}

/** What becomes of the tasks of a service that is scaled to 0. */
const LEAVING_WORDS: Readonly<Record<string, string>> = {
  DEACTIVATING: "leaves the load balancer",
  STOPPING: "is told to stop",
  DEPROVISIONING: "has ended",
};

const OTHER_CALLS: Readonly<Record<string, string>> = {
  CreateDeployment: "CodeDeploy is told to deploy",
  StopDeployment: "a deployment in flight is told to stop and go back",
  ContinueDeployment: "CodeDeploy is told to go on",
  StopServiceDeployment: "ECS is told to roll the deployment in flight back",
  RegisterTaskDefinition: "a task definition is registered",
};

/** How a deployment ends or turns; that one is in progress, the call that began it has said. */
const STATUS_WORDS: Readonly<Record<string, (taskDefinition: string) => string>> = {
  SUCCESSFUL: (what) => `the deployment of ${what} is complete`,
  STOPPED: (what) => `the deployment of ${what} was stopped`,
  ROLLBACK_REQUESTED: (what) => `ECS will roll the deployment of ${what} back`,
  ROLLBACK_IN_PROGRESS: (what) => `ECS rolls the deployment of ${what} back`,
  ROLLBACK_SUCCESSFUL: (what) => `ECS has rolled the deployment of ${what} back`,
  ROLLBACK_FAILED: (what) => `ECS could not roll the deployment of ${what} back`,
};
