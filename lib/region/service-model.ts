/**
 * What every service of the simulated region is made of: operations that the wire layer decodes, authorises and
 * dispatches, and CloudFormation resources that the deployer creates.
 */
export interface Principal {
  /** The caller's ARN as IAM sees it: a role, an assumed-role session's role, a user, or a service (`events.amazonaws.com`). */
  readonly arn: string;
  readonly type: "role" | "user" | "service";
  /** For a role session: its name (a Lambda's function name, an execution's name). */
  readonly session?: string;
  /** For a service, or a role that a service assumed: the resource it acts for, which policies see as `aws:SourceArn`. */
  readonly sourceArn?: string;
}

export interface Call {
  readonly service: string;
  readonly operation: string;
  readonly principal: Principal;
  readonly requestId: string;
}

/** An IAM policy document, as it stands in a template or a resource policy. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: PolicyStatement | readonly PolicyStatement[];
}

export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, string | boolean | readonly string[]>>>
  >;
}

/** One thing a caller must be allowed to do before an operation runs. */
export interface Permission {
  /** `ecs:UpdateService` */
  readonly action: string;
  /** The resource ARN, or `*` for actions without resource-level permissions. */
  readonly resource: string;
  /** Condition keys that AWS fills in for this action: `ecs:cluster`, `iam:PassedToService`, `aws:ResourceTag/x` … */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
  /** The policy attached to the resource itself (queue, topic, bucket, function), when it has one. */
  readonly resourcePolicy?: PolicyDocument | undefined;
}

/** An error as AWS answers it; `code` is a modelled error shape of the service or any wire code. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  /** HTTP status; undefined: the one the service's model gives, else 400. */
  readonly status: number | undefined;
  /** Further members of the modelled error shape. */
  readonly data: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status?: number, data: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.data = data;
  }
}

export interface OperationModel<Input, Output> {
  /**
   * The input members that this model honours, as dotted paths; naming a member covers everything below it, lists are
   * passed through (`containerDefinitions.image`). Anything else in a request is refused with a clear error.
   */
  readonly accepts: readonly string[];
  readonly authorize: (input: Input, call: Call) => readonly Permission[];
  readonly handle: (input: Input, call: Call) => Output | Promise<Output>;
}

/** Any SDK v3 command class; its input and output types flow into the operation's model. */
export type CommandClass<Input, Output> = new (
  input: never,
) => {
  readonly input: Input;
  resolveMiddleware(
    stack: never,
    configuration: never,
    options: never,
  ): (args: never) => Promise<{ output: Output }>;
};

/** Operations of every shape live in one map; whoever dispatches has decoded the input from the same schema. */
export type AnyOperation = OperationModel<never, unknown>;

export interface CreatedResource {
  /** What `Ref` yields. */
  readonly ref: string;
  /** What `Fn::GetAtt` yields, by attribute name. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ResourceModel {
  /** Property paths that the model honours, in the same form as `OperationModel.accepts`; another property fails the deployment. */
  readonly accepts: readonly string[];
  /** The property that CloudFormation generates a value for when the template gives none, for example `TopicName`. */
  readonly namedBy?: string;
  /** `properties` have their intrinsic functions resolved. */
  readonly create: (
    logicalId: string,
    properties: Readonly<Record<string, unknown>>,
  ) => CreatedResource | Promise<CreatedResource>;
}

type Omitted<Output> = Omit<Output, "$metadata">;

/** One AWS service of the region: the SDK client that gives its wire shapes, and the operations and resources modelled. */
export class ServiceModel {
  /** SigV4 signing name: `ecs`, `states`, `monitoring`, `events`, `logs` … */
  readonly signingName: string;
  /** The whole `@aws-sdk/client-x` module: the wire layer reads the operation schemas from it. */
  readonly sdk: object;
  /** A client of that module (never used to send): gives the service's protocol. */
  readonly client: { readonly config: unknown };
  readonly operations = new Map<string, AnyOperation>();
  readonly resources = new Map<string, ResourceModel>();

  constructor(signingName: string, sdk: object, client: { readonly config: unknown }) {
    this.signingName = signingName;
    this.sdk = sdk;
    this.client = client;
  }

  /** Declares an operation, typed by the SDK's command class. The class is named `<Operation>Command`. */
  on<Input extends object, Output>(
    command: CommandClass<Input, Output>,
    model: OperationModel<Input, Omitted<Output>>,
  ): this {
    this.operations.set(command.name.replace(/Command$/, ""), model);
    return this;
  }

  /** Declares a CloudFormation resource type, for example `AWS::SNS::Topic`. */
  provides(type: string, model: ResourceModel): this {
    this.resources.set(type, model);
    return this;
  }
}
