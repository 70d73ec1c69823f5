/** An RDS Proxy with its one target group, `default`, and at most one target (docs/facts/database.md §5 d). */
export interface ProxyRecord {
  readonly name: string;
  readonly arn: string;
  readonly targetGroupArn: string;
  readonly host: string;
  readonly engineFamily: string;
  readonly secretArn: string;
  readonly passwordLabel: () => string | undefined;
  readonly createdAt: number;
  readonly vpcSecurityGroupIds: readonly string[];
  target: ProxyTarget | undefined;
}

export interface ProxyTarget {
  readonly kind: "instance" | "cluster";
  /** The identifier when it was registered: what DescribeDBProxyTargets calls RdsResourceId. */
  readonly id: string;
  /** The resource behind the identifier when it was registered. */
  readonly resourceId: string;
  /** The moments at which it leaves REGISTERING, and then has capacity. */
  readonly registeredAt: number;
  readonly readyAt: number;
}

export interface ProxySpec {
  readonly name: string;
  readonly engineFamily: "POSTGRESQL" | "MYSQL";
  /** The instance or the cluster that is behind it since before the story. */
  readonly target: { readonly instance: string } | { readonly cluster: string };
  /** The secret that the proxy logs in with. */
  readonly secretArn: string;
  /** The label of the password in that secret now. */
  readonly passwordLabel: () => string | undefined;
  readonly vpcSecurityGroupIds?: readonly string[];
}
