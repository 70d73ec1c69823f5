/** What RDS asks of the rest of the region; functions, so that they may be bound late. */
export interface RdsOptions {
  /**
   * Creates the secret of ManageMasterUserPassword. Without it such a request is refused as not modelled.
   */
  readonly createMasterSecret?: (owner: {
    readonly resourceId: string;
    readonly username: string;
    readonly kmsKeyId: string | undefined;
  }) => { readonly arn: string; readonly passwordLabel: string };
  /**
   * Whether a security group exists beyond those of installed databases and those that a drill declared.
   * @default none do
   */
  readonly securityGroupExists?: (id: string) => boolean;
  /**
   * Whether these security groups let a new connection in on a port, from the proxy that stands behind `proxyGroups`, or
   * from the application when that is undefined.
   * @default what the drill declared: groups of installed databases let in, others do not
   */
  readonly admits?: (
    groupIds: readonly string[],
    port: number,
    proxyGroups: readonly string[] | undefined,
  ) => boolean;
  /**
   * Whether a key can be used now.
   * @default every key that the drill did not disable
   */
  readonly keyEnabled?: (arn: string) => boolean;
  /** The label of a password that a request carries in plain text; its fingerprint unless told. */
  readonly labelOfPassword?: (password: string) => string;
}
