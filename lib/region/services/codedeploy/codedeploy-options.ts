/** What CodeDeploy needs to know of the rest of the region; functions, so that they may be bound late. */
export interface CodeDeployOptions {
  /** ECS's side: bind it to the ECS model's `taskSets`. */
  readonly ecs: EcsTaskSets;
  /** Deployment groups name target groups; ECS wants their ARNs. Undefined when there is no such target group. */
  readonly targetGroupArn: (name: string) => string | undefined;
  /** The state of a CloudWatch alarm by name; undefined when there is no such alarm. */
  readonly alarmStateOf: (name: string) => "OK" | "ALARM" | "INSUFFICIENT_DATA" | undefined;
}

/** The task sets of services whose deployments CodeDeploy controls. */
export interface EcsTaskSets {
  target(cluster: string, service: string): EcsTarget | undefined;
  create(cluster: string, service: string, content: NewTaskSet): string;
  isStable(cluster: string, service: string, id: string): boolean;
  shift(cluster: string, service: string, percent: number, to: string, from: string): void;
  makePrimary(cluster: string, service: string, id: string): void;
  drain(cluster: string, service: string, id: string): void;
}

export interface EcsTarget {
  readonly controller: "ECS" | "CODE_DEPLOY" | "EXTERNAL";
  readonly sets: readonly EcsTaskSet[];
}

export interface EcsTaskSet {
  readonly id: string;
  readonly status: "PRIMARY" | "ACTIVE" | "DRAINING";
  readonly targetGroupArn: string | undefined;
}

export interface NewTaskSet {
  readonly externalId: string;
  readonly taskDefinition: string;
  readonly loadBalancer: {
    readonly targetGroupArn: string;
    readonly containerName: string;
    readonly containerPort: number;
  };
  readonly platformVersion?: string | undefined;
  readonly networkConfiguration?: AppSpecNetwork | undefined;
}

export interface AppSpecNetwork {
  readonly awsvpcConfiguration: {
    readonly subnets: string[];
    readonly securityGroups: string[];
    readonly assignPublicIp?: "ENABLED" | "DISABLED";
  };
}
